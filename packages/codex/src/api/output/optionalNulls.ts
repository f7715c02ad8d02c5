import { isObject } from "../../internal/isObject.js";
import {
  jsonTypeOf,
  optionalNames,
  ownMember,
  type SchemaNode,
  shapesOf,
  typesOf,
  valuesOf,
} from "./schemaNode.js";

/**
 * Removes from an answer each `null` of a property that is optional and not nullable in the schema: a
 * strict schema cannot leave a property out in another way. In a union, the first option whose form
 * fits the value decides; patterns and bounds are not compared.
 */
export function withoutOptionalNulls(value: unknown, root: SchemaNode): unknown {
  return new OptionalNulls(root).strip(value, root);
}

class OptionalNulls {
  readonly #root: SchemaNode;
  // Without this, nested unions would be compared again at every level.
  readonly #fits = new WeakMap<object, Map<SchemaNode, boolean>>();

  constructor(root: SchemaNode) {
    this.#root = root;
  }

  strip(value: unknown, node: unknown): unknown {
    const shape = this.#shapeFor(value, node);
    if (shape === undefined) return value;
    if (Array.isArray(value)) return value.map((item) => this.strip(item, shape["items"]));
    if (!isObject(value)) return value;
    const optional = optionalNames(shape, this.#root);
    const properties = propertiesOf(shape);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, member]) => member !== null || !optional.has(name))
        .map(([name, member]) => [name, this.strip(member, ownMember(properties, name))]),
    );
  }

  #shapeFor(value: unknown, node: unknown): SchemaNode | undefined {
    const type = jsonTypeOf(value);
    const shapes = shapesOf(node, this.#root).filter((shape) => typesOf(shape).includes(type));
    // A single shape is used even if the value has a fault: the issues then name only that fault.
    return shapes.length > 1 ? shapes.find((shape) => this.#fitsShape(value, shape)) : shapes[0];
  }

  #fitsNode(value: unknown, node: unknown): boolean {
    return shapesOf(node, this.#root).some((shape) => this.#fitsShape(value, shape));
  }

  #fitsShape(value: unknown, shape: SchemaNode): boolean {
    if (typeof value !== "object" || value === null) return fitsPrimitive(value, shape);
    const known = this.#fits.get(value) ?? new Map<SchemaNode, boolean>();
    this.#fits.set(value, known);
    const fits = known.get(shape) ?? this.#fitsContainer(value, shape);
    known.set(shape, fits);
    return fits;
  }

  #fitsContainer(value: object, shape: SchemaNode): boolean {
    if (!typesOf(shape).includes(jsonTypeOf(value))) return false;
    if (Array.isArray(value)) return value.every((item) => this.#fitsNode(item, shape["items"]));
    const optional = optionalNames(shape, this.#root);
    const properties = propertiesOf(shape);
    const required = Array.isArray(shape["required"]) ? shape["required"] : [];
    return (
      required.every((name) => Object.hasOwn(value, name)) &&
      Object.entries(value).every(
        ([name, member]) =>
          (member === null && optional.has(name)) ||
          this.#fitsNode(member, ownMember(properties, name)),
      )
    );
  }
}

function fitsPrimitive(value: unknown, shape: SchemaNode): boolean {
  const types = typesOf(shape);
  const hasType =
    types.includes(jsonTypeOf(value)) || (types.includes("integer") && Number.isInteger(value));
  return hasType && (valuesOf(shape)?.includes(value) ?? true);
}

function propertiesOf(shape: SchemaNode): SchemaNode {
  return isObject(shape["properties"]) ? shape["properties"] : {};
}
