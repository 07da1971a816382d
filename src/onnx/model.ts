import { VigilError } from "../errors.ts";
import { type AttributeValue, readAttribute, writeAttribute } from "./attribute.ts";
import { DATA_TYPE, type OpaqueTensor, readTensor, type Tensor, writeTensor } from "./tensor.ts";
import {
  bytesField,
  type Field,
  messageField,
  readFields,
  textField,
  textOf,
  varintField,
  writeFields,
} from "./wire.ts";

/** One operation of a graph (onnx.proto, NodeProto). */
export interface Node {
  name: string;
  operator: string;
  /** "" for ONNX's own operators. */
  domain: string;
  /** "" where an optional input is left out. */
  inputs: string[];
  outputs: string[];
  attributes: Map<string, AttributeValue>;
  /** What else the file says of it, such as a documentation string. */
  others: Field[];
}

/** An input or output of a graph; a dimension that is free has a name, or "" where it has none. */
export interface ValueInfo {
  name: string;
  /** null where it is no tensor of floats, or its shape is not said. */
  shape: (number | string)[] | null;
  /** As it stands in the file; undefined for one that was made here. */
  bytes?: Uint8Array;
}

/** An ONNX file as it can be changed and written back: whatever is not understood stays as it is. */
export interface Model {
  nodes: Node[];
  /** By name. */
  initializers: Map<string, Tensor | OpaqueTensor>;
  /** Those that are no initializers. */
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** Of ONNX's own operators. */
  opset: number;
  graphOthers: Field[];
  modelOthers: Field[];
}

const MODEL = { graph: 7, opsets: 8 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 } as const;

/** @throws VigilError onnx-invalid */
export function readModel(bytes: Uint8Array): Model {
  const fields = readFields(bytes);
  const graph = fields.find(({ number }) => number === MODEL.graph)?.value;
  if (!(graph instanceof Uint8Array)) throw new VigilError("onnx-invalid", "it has no graph: is it an ONNX file?");
  const ofGraph = readFields(graph);
  const messages = (number: number) =>
    ofGraph.flatMap((field) => (field.number === number && field.value instanceof Uint8Array ? [field.value] : []));
  const initializers = new Map(
    messages(GRAPH.initializer)
      .map(readTensor)
      .map((tensor) => [tensor.name, tensor]),
  );
  const known: number[] = Object.values(GRAPH);
  return {
    nodes: messages(GRAPH.node).map(readNode),
    initializers,
    inputs: messages(GRAPH.input)
      .map(readValueInfo)
      .filter(({ name }) => !initializers.has(name)),
    outputs: messages(GRAPH.output).map(readValueInfo),
    opset: opsetOf(fields),
    // Shapes in the middle of the graph would be wrong once it is changed, and whoever runs it finds them again.
    graphOthers: ofGraph.filter(({ number }) => !known.includes(number)),
    modelOthers: fields.filter(({ number }) => number !== MODEL.graph),
  };
}

export function writeModel(model: Model): Uint8Array {
  const graph = [
    ...model.nodes.map((node) => messageField(GRAPH.node, writeNode(node))),
    ...model.graphOthers,
    ...[...model.initializers.values()].map((tensor) => messageField(GRAPH.initializer, writeTensor(tensor))),
    ...model.inputs.map((info) => bytesField(GRAPH.input, writeValueInfo(info))),
    ...model.outputs.map((info) => bytesField(GRAPH.output, writeValueInfo(info))),
  ];
  return writeFields([...model.modelOthers, messageField(MODEL.graph, graph)]);
}

function opsetOf(fields: Field[]): number {
  for (const { number, value } of fields) {
    if (number !== MODEL.opsets || !(value instanceof Uint8Array)) continue;
    const opset = readFields(value);
    const domain = textOf(opset.find((field) => field.number === 1)?.value ?? 0);
    if (domain === "" || domain === "ai.onnx") return Number(opset.find((field) => field.number === 2)?.value ?? 1);
  }
  return 1;
}

function readNode(bytes: Uint8Array): Node {
  const fields = readFields(bytes);
  const texts = (number: number) => fields.filter((field) => field.number === number).map(({ value }) => textOf(value));
  const attributes = fields.flatMap(({ number, value }) =>
    number === NODE.attribute && value instanceof Uint8Array ? [readAttribute(value)] : [],
  );
  const known: number[] = Object.values(NODE);
  return {
    name: texts(NODE.name)[0] ?? "",
    operator: texts(NODE.operator)[0] ?? "",
    domain: texts(NODE.domain)[0] ?? "",
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    attributes: new Map(attributes),
    others: fields.filter(({ number }) => !known.includes(number)),
  };
}

function writeNode({ name, operator, domain, inputs, outputs, attributes, others }: Node): Field[] {
  return [
    ...inputs.map((input) => textField(NODE.input, input)),
    ...outputs.map((output) => textField(NODE.output, output)),
    ...(name === "" ? [] : [textField(NODE.name, name)]),
    textField(NODE.operator, operator),
    ...[...attributes].map(([attribute, value]) => {
      const written = writeAttribute(attribute, value);
      return written instanceof Uint8Array
        ? bytesField(NODE.attribute, written)
        : messageField(NODE.attribute, written);
    }),
    ...(domain === "" ? [] : [textField(NODE.domain, domain)]),
    ...others,
  ];
}

const VALUE_INFO = { name: 1, type: 2 } as const;
const TENSOR_TYPE = { elementType: 1, shape: 2 } as const;
const DIMENSION = { value: 1, name: 2 } as const;

function readValueInfo(bytes: Uint8Array): ValueInfo {
  const fields = readFields(bytes);
  const name = textOf(fields.find(({ number }) => number === VALUE_INFO.name)?.value ?? 0);
  const type = messageIn(fields, VALUE_INFO.type);
  const tensor = type && messageIn(type, 1);
  const shape = tensor && messageIn(tensor, TENSOR_TYPE.shape);
  const isFloat = Number(tensor?.find(({ number }) => number === TENSOR_TYPE.elementType)?.value) === DATA_TYPE.float32;
  return { name, shape: isFloat && shape ? shape.map(readDimension) : null, bytes };
}

function messageIn(fields: Field[], number: number): Field[] | undefined {
  const value = fields.find((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? readFields(value) : undefined;
}

function readDimension({ value }: Field): number | string {
  const [first] = value instanceof Uint8Array ? readFields(value) : [];
  if (first === undefined) return "";
  return first.number === DIMENSION.value ? Number(first.value) : textOf(first.value);
}

function writeValueInfo({ name, shape, bytes }: ValueInfo): Uint8Array {
  if (bytes !== undefined) return bytes;
  const dimensions = (shape ?? []).map((length) =>
    messageField(1, [
      typeof length === "number" ? varintField(DIMENSION.value, length) : textField(DIMENSION.name, length),
    ]),
  );
  const tensor = [varintField(TENSOR_TYPE.elementType, DATA_TYPE.float32), messageField(TENSOR_TYPE.shape, dimensions)];
  return writeFields([textField(VALUE_INFO.name, name), messageField(VALUE_INFO.type, [messageField(1, tensor)])]);
}
