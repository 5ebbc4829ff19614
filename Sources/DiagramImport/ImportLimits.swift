package import XMLDocuments

/// How much one document may ask of the importer: every bound that hostile input could push.
public struct ImportLimits: Sendable, Hashable {
  /// Bytes of the document as handed in.
  public var documentBytes = 64 << 20
  /// Nesting of elements, and of cells in cells.
  public var depth = 256
  /// Elements, over the file and all decoded pages.
  public var elements = 500_000
  /// Attributes, over the file and all decoded pages.
  public var attributes = 4_000_000
  /// Attributes of one element; libxml2 compares them pairwise, so many would cost quadratic time.
  public var attributesPerElement = 512
  /// Namespace declarations of one XML document; each prefix is looked up in all of them.
  public var namespaces = 256
  /// Bytes of one attribute value or of one element's text.
  public var textBytes = 32 << 20
  /// Bytes that one compressed page may unfold to.
  public var inflatedPageBytes = 32 << 20
  /// Bytes that all compressed pages and substituted placeholders together may unfold to.
  public var inflatedTotalBytes = 64 << 20
  /// Rectangle comparisons in the search for enclosing containers and for near shapes.
  public var comparisons = 100_000_000

  public init() {}

  /// The part that the XML reader watches.
  package var xml: XMLLimits {
    var limits = XMLLimits()
    limits.documentBytes = documentBytes
    limits.depth = depth
    limits.elements = elements
    limits.attributes = attributes
    limits.attributesPerElement = attributesPerElement
    limits.namespaces = namespaces
    limits.textBytes = textBytes
    return limits
  }
}

/// What is left of the limits while one document is read; passed `inout` from page to page.
package struct ImportBudget: Sendable {
  package let limits: ImportLimits
  package var xml: XMLBudget
  package var inflated: Int
  package var comparisons: Int

  package init(_ limits: ImportLimits = ImportLimits()) {
    self.limits = limits
    xml = XMLBudget(limits.xml)
    inflated = limits.inflatedTotalBytes
    comparisons = limits.comparisons
  }
}
