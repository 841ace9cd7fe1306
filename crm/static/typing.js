// Keeps what is typed in one form of a page while another form of that page is sent, or a button leads elsewhere. The page
// works without this file: forms that belong together are one form there, with several buttons. A field that says something
// else by now than it did when it was typed over is left as it is: the newer text was saved meanwhile. Each form is kept under
// where it leads, since a refused form is answered at another address, with the same other forms beside it.

const TYPED = "textarea, select, input:not([type=hidden]):not([type=password]):not([type=file]):not([type=submit])";

const isToggle = (field) => field.type === "checkbox" || field.type === "radio";

function isChanged(field) {
  if (isToggle(field)) return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((each) => each.selected !== each.defaultSelected);
  return field.value !== field.defaultValue;
}

const forms = [...document.querySelectorAll("form[method=post]")].filter((form) => form.querySelector(TYPED));
const nameOf = (form) => `typed:${form.getAttribute("action") || location.pathname} ${forms.filter((each) => each.action === form.action).indexOf(form)}`;
const placeOf = (form, field) => [...form.elements].filter((each) => each.name === field.name).indexOf(field);

function saysAtFirst(field) {
  if (isToggle(field)) return field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].filter((each) => each.defaultSelected).map((each) => each.value).join("\n");
  return field.defaultValue;
}

function typedIn(form) {
  return [...form.querySelectorAll(TYPED)]
    .filter((field) => field.name && isChanged(field))
    .map((field) => ({ name: field.name, place: placeOf(form, field), value: field.value, checked: field.checked, was: saysAtFirst(field) }));
}

function restore(form, typed) {
  for (const { name, place, value, checked, was } of typed) {
    const field = [...form.elements].filter((each) => each.name === name)[place];
    if (!field || saysAtFirst(field) !== was) continue;
    if (isToggle(field)) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function recall(form) {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(form))) || [];
  } catch {
    return [];
  } finally {
    sessionStorage.removeItem(nameOf(form));
  }
}

function keep(others) {
  for (const form of others) {
    const typed = typedIn(form);
    if (typed.length) sessionStorage.setItem(nameOf(form), JSON.stringify(typed));
  }
}

for (const form of forms) restore(form, recall(form));

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out") sessionStorage.clear();
  else if (event.target.getAttribute("method") === "post") keep(forms.filter((form) => form !== event.target));
});

// A link that looks like a button goes on with the work: what was typed beside it is there on the way back.
document.addEventListener("click", (event) => {
  if (event.target.closest("main a[role=button][href]")) keep(forms);
});
