/** src/worklist and src/ui of the extension. */
export default {};
