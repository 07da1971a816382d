/** src/panel, src/viewport and src/report of the extension. */
export default {};
