/** What JSX is compiled to, put into every file by the bundler. */
export { createElement, Fragment } from "react";
