(() => {
  const charts = tuatara(JSON.parse(document.getElementById("data").textContent), document);
  // ---- light and dark ------------------------------------------------------------------------
  const theme = document.getElementById("theme"), root = document.documentElement;
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const name = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.onclick = () => { root.dataset.theme = isDark() ? "light" : "dark"; name(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  theme.hidden = false;
  name();
  if (location.hash.length > 1 && document.getElementById(location.hash.slice(1)) && /^#[ar]\d+$/.test(location.hash)) charts.choose(location.hash.slice(1));
})();
