// Follows work that is under way: asks again every two seconds, and loads the page anew once it is done.
const part = document.querySelector("[data-following]");
const PAUSE = 2000;

async function look() {
  const answer = await fetch(part.dataset.following, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-following]");
  if (!now) return window.location.reload();
  part.replaceChildren(...now.childNodes);
}

if (part) setInterval(() => look().catch(() => {}), PAUSE);
