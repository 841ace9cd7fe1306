// Long forms that save themselves, and questions that hang on others. The page works without this file.

const WAIT = 2000; // milliseconds after the last key

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.version = form.querySelector("input[name=version]");
    this.timer = null;
    this.saving = null;
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.timer) this.now();
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), WAIT);
  }

  // One save after the other: the second would not know the version that the first made.
  now() {
    clearTimeout(this.timer);
    this.timer = null;
    this.saving = (this.saving || Promise.resolve()).then(() => this.save()).finally(() => { this.saving = null; });
    return this.saving;
  }

  async save() {
    try {
      const answer = await fetch(this.form.dataset.keep, { method: "POST", body: new FormData(this.form), keepalive: true });
      const told = await answer.json();
      if (answer.ok) {
        this.version.value = told.version;
        this.status.textContent = `Saved at ${clock()}`;
      } else {
        this.status.textContent = `Not saved yet: ${told.errors[0]}`;
      }
    } catch {
      this.status.textContent = "Not saved yet: we cannot be reached. Keep this page open, and try again.";
    }
  }

  // A save under way ends first, so that the form carries the newest version.
  beforeSubmit(event) {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.saving) return;
    event.preventDefault();
    const { submitter } = event;
    this.saving.then(() => this.form.requestSubmit(submitter));
  }
}

for (const form of document.querySelectorAll("[data-module=app-autosave]")) {
  new Autosave(form);
}

for (const asked of document.querySelectorAll("[data-asked-if]")) {
  const radios = document.querySelectorAll(`[name="${asked.dataset.askedIf}"]`);
  const show = () => {
    const chosen = [...radios].find((radio) => radio.checked);
    asked.hidden = radios.length > 0 && (!chosen || chosen.value !== asked.dataset.askedWhen);
  };
  radios.forEach((radio) => radio.addEventListener("change", show));
  show();
}
