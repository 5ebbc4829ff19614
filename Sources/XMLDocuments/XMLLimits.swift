/// How much one XML document may ask of the reader: every bound that hostile input could push.
package struct XMLLimits: Sendable, Hashable {
  /// Bytes of the document as handed in.
  package var documentBytes = 64 << 20
  /// Nesting of elements.
  package var depth = 256
  /// Elements, over all documents that share a budget.
  package var elements = 500_000
  /// Attributes, over all documents that share a budget.
  package var attributes = 4_000_000
  /// Attributes of one element; libxml2 compares them pairwise, so many would cost quadratic time.
  package var attributesPerElement = 512
  /// Namespace declarations of one document; each prefix is looked up in all of them.
  package var namespaces = 256
  /// Bytes of one attribute value or of one element's text.
  package var textBytes = 32 << 20

  package init() {}
}

/// What is left of the limits while one file is read; passed `inout` from document to document within it.
package struct XMLBudget: Sendable {
  package let limits: XMLLimits
  package var elements: Int
  package var attributes: Int

  package init(_ limits: XMLLimits = XMLLimits()) {
    self.limits = limits
    elements = limits.elements
    attributes = limits.attributes
  }
}
