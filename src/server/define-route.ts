import express, { type Request, type RequestHandler, type Response } from "express";
import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import { type FieldProblem, fieldProblems, InvalidRequest } from "./invalid-request.ts";
import { sendJson } from "./json-reply.ts";
import { unusableTexts } from "./plain-text.ts";

const BODY_LIMIT_BYTES = 64 * 1024;

/** One possible answer. */
interface Answer {
  description: string;
  /** Of the JSON body; absent = no body. */
  schema?: z.ZodType;
  /** application/json unless told otherwise */
  contentType?: string;
}

/** By HTTP status. */
type Answers = Record<number, Answer>;

/** What a route takes and gives: it is checked, and documented, from these schemas. */
interface Contract {
  method: "get" | "post" | "put" | "delete";
  /** As express writes it: `/api/studies/:uid`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodObject;
  answers: Answers;
  /** Errors of its own, beside those that every route may answer with. */
  errors?: ErrorCode[];
}

/** A contract and the middleware that keeps it. */
export interface Route extends Contract {
  handlers: RequestHandler[];
}

type Reply<A extends Answers> = {
  [Status in keyof A]: A[Status] extends { schema: infer Schema extends z.ZodType }
    ? { status: Status; body: z.input<Schema> }
    : { status: Status };
}[keyof A];

interface Input<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** Who is signed in; null = not known. */
  login: string | null;
}

/**
 * A route that answers with JSON. `handle` gets the parts of the request as their schemas make them, and returns one
 * of the documented answers, or throws a VigilError.
 */
export function defineRoute<
  A extends Answers,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
>({
  handle,
  guard,
  ...contract
}: Contract & {
  params?: Params;
  query?: Query;
  body?: Body;
  answers: A;
  /** Runs before the request is read; throws to refuse it. */
  guard?: (request: Request, response: Response) => void;
  handle(input: Input<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Reply<NoInfer<A>>>;
}): Route {
  const check: RequestHandler = (request, response, next) => {
    guard?.(request, response);
    next();
  };
  const answer: RequestHandler = async (request, response) => {
    const { status, body }: { status: PropertyKey; body?: unknown } = await handle({
      ...readInput(contract, request),
      login: response.locals.login,
    });
    response.status(Number(status));
    if (body === undefined) response.end();
    else await sendJson(request, response, body);
  };
  const readBody = contract.body === undefined ? [] : [express.json({ limit: BODY_LIMIT_BYTES })];
  return { ...contract, handlers: [check, ...readBody, answer] };
}

/** @throws InvalidRequest that names every field that is wrong */
function readInput<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject>(
  contract: { params?: Params; query?: Query; body?: Body },
  request: Request,
): Omit<Input<z.output<Params>, z.output<Query>, z.output<Body>>, "login"> {
  const problems: FieldProblem[] = [];
  const read = <Schema extends z.ZodObject>(part: FieldProblem["in"], schema: Schema | undefined, value: unknown) => {
    const parsed = schema?.safeParse(value);
    if (parsed?.success === false) problems.push(...fieldProblems(part, parsed.error));
    else problems.push(...unusableTexts(part, parsed?.data));
    return parsed?.data as z.output<Schema>;
  };
  if (contract.body !== undefined && request.body === undefined) {
    throw new InvalidRequest([{ in: "body", field: "", message: "send JSON, with content-type: application/json" }]);
  }
  const input = {
    params: read("path", contract.params, request.params),
    query: read("query", contract.query, request.query),
    body: read("body", contract.body, request.body),
  };
  if (problems.length > 0) throw new InvalidRequest(problems);
  return input;
}
