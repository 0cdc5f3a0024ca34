// The choice of light, dark or the device's own: kept in a cookie, so that the server draws the next page in it at once.
const choices = document.querySelectorAll("[data-theme-choice]");

function choose(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  document.documentElement.dataset.theme = theme;
  for (const choice of choices) {
    choice.setAttribute("aria-pressed", choice.dataset.themeChoice === theme);
  }
}

for (const choice of choices) {
  choice.addEventListener("click", () => choose(choice.dataset.themeChoice));
}
