// Shows what each criterion counts while one of them is typed: the server works it out, so that there is one rule.
// Without this file, the button of the form shows the same.

const WAIT = 300; // milliseconds after the last key
const COUNTED = ["title", "weight", "parts", "highest"];

class Weighing {
  constructor(form) {
    this.form = form;
    this.timer = null;
    this.asked = null;
    form.querySelector("[data-weigh-button]").remove();
    form.addEventListener("input", (event) => {
      if (COUNTED.includes(event.target.name)) this.later();
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), WAIT);
  }

  // The newest question alone is answered: an older answer may arrive after it.
  async now() {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.weigh, { method: "POST", body: new FormData(this.form), signal: this.asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.show(page.querySelectorAll("[data-weighed]"));
    } catch {
      // What it showed last still stands; saving tells what is wrong.
    }
  }

  show(fresh) {
    const shown = this.form.querySelectorAll("[data-weighed]");
    if (fresh.length === shown.length) shown.forEach((part, index) => part.replaceChildren(...fresh[index].childNodes));
  }
}

for (const form of document.querySelectorAll("form[data-weigh]")) {
  new Weighing(form);
}
