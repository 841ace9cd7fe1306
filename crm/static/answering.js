// The answers of an open check travel in the address, so the browser's Back button leads to an address without the later
// ones. The newest address is remembered in this tab, and Back goes on with its answers. The pages work without this file.

const page = document.querySelector("[data-answers-of]");
const key = `answers of ${page.dataset.answersOf}`;

function given(code) {
  return [...(code.split(".")[1] || "")].filter((sign) => sign !== "0").length;
}

function cameBack(event) {
  const [entry] = performance.getEntriesByType("navigation");
  return event.persisted || (entry && entry.type === "back_forward");
}

window.addEventListener("pageshow", (event) => {
  const address = new URL(location.href);
  const code = address.searchParams.get("a") || "";
  const newest = sessionStorage.getItem(key) || "";
  if (cameBack(event) && newest !== code && given(newest) >= Math.max(given(code), 1)) {
    address.searchParams.set("a", newest);
    location.replace(address);
  } else if (given(code)) {
    sessionStorage.setItem(key, code);
  }
});
