/** An object that must not leave, and why: the reason names nothing of what it holds. */
export class LeftOut extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}
