/**
 * The header of a `.npy` file, version 1.0 (numpy/lib/format.py), as long for any shape, so that it can be written again
 * once the number of rows is known.
 * @param descr numpy's name of the type, such as `<f4`
 */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  return Buffer.concat([MAGIC, lengthOf(HEADER_LENGTH), Buffer.from(`${text.padEnd(HEADER_LENGTH - 1)}\n`, "latin1")]);
}

const MAGIC = Buffer.from("\x93NUMPY\x01\x00", "latin1");
/** With magic and length 192 bytes: data begins at a multiple of 64. */
const HEADER_LENGTH = 182;

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(length);
  return bytes;
}
