// Preferences live in cookies, so that the server writes them into the page and nothing flickers.
const YEAR = 365 * 24 * 3600;

export function setPreference(name, value) {
  const secure = window.location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}
