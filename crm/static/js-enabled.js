// Tells the stylesheet that scripts run, before anything is drawn, so that nothing jumps.
document.documentElement.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.documentElement.classList.add("govuk-frontend-supported");
}
