// The behaviour of every page. Each module looks for its data-… attributes itself.
import "./appointment.js";
import "./autosave.js";
import "./copy.js";
import "./countdown.js";
import "./dialog.js";
import "./keys.js";
import "./lines.js";
import "./menus.js";
import "./palette.js";
import "./rich.js";
import "./server.js";
import "./shown.js";
import "./signin.js";
import "./stepper.js";
import "./tabs.js";
import "./theme.js";
import "./toasts.js";
