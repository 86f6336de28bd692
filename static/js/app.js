// What every page needs; each module does one thing and listens on the document, so swapped content is covered too.
import "./htmx-setup.js";
import "./dialogs.js";
import "./keyboard.js";
import "./swap-focus.js";
import "./theme.js";
import "./toasts.js";
