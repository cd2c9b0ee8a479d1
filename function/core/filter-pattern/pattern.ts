/** Every child holds. At least two children, in the order written. */
export interface AndNode {
  readonly kind: 'and';
  readonly children: readonly PatternNode[];
}

/** One child holds. At least two children, in the order written. */
export interface OrNode {
  readonly kind: 'or';
  readonly children: readonly PatternNode[];
}

/** One condition on the values a selector lands on. */
export interface LeafNode {
  readonly kind: 'leaf';
  readonly selector: Selector;
  readonly test: LeafTest;
}

/**
 * A condition, taken apart. Chains of one operator are flat; parentheses leave no trace but the shape.
 * `{ $.a = 1 && ($.b = 2 || $.c = 3) }` is an `and` of a leaf and an `or` of two leaves.
 */
export type PatternNode = AndNode | OrNode | LeafNode;

/** Where a condition looks: steps from the top of the record, at least one. `$.a[0]` is property `a`, then index 0. */
export type Selector = readonly SelectorStep[];

/** One step down a record. */
export type SelectorStep =
  /** The own property of an object. */
  | { readonly kind: 'property'; readonly name: string }
  /** The element of an array, counted from zero. */
  | { readonly kind: 'index'; readonly index: number }
  /** `[*]`: every element of an array. */
  | { readonly kind: 'anyElement' }
  /** `.*`: every property of an object, one level down. */
  | { readonly kind: 'anyProperty' };

/** Operators of words, strings, numbers and regular expressions. */
export type EqualityOperator = '=' | '!=';
/** Operators of numbers. */
export type OrderOperator = '<' | '>' | '<=' | '>=';

/** What a value is compared with. In a word or a string every `*` stands for any run of characters. */
export type Literal =
  /** Unquoted, not a number: `Root`, `AccessDenied*`, `4*`. */
  | { readonly kind: 'word'; readonly text: string }
  /** Quoted, the escapes resolved. */
  | { readonly kind: 'string'; readonly text: string }
  /** Unquoted number, finite; `text` as it was written. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  /** `%source%`, searched for anywhere in the value. */
  | { readonly kind: 'regex'; readonly source: string };

/** What is asked of the values a selector lands on. */
export type LeafTest =
  | { readonly kind: 'equality'; readonly operator: EqualityOperator; readonly literal: Literal }
  | { readonly kind: 'order'; readonly operator: OrderOperator; readonly value: number }
  | { readonly kind: 'is'; readonly value: null | true | false }
  | { readonly kind: 'notExists' };
