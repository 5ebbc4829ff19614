import CLibXML2
package import EngineSupport

/// Reads XML 1.0 into an `XMLTree` through libxml2's SAX2 interface.
///
/// No network, no document type definitions, no entities beyond the five predefined ones, and the limits
/// of `XMLBudget`. Safe to use from several threads: each call has its own parser context.
/// Errors: `import.xml.malformed`, `.doctype`, `.entity`, `.encoding`, `.too-large`, `.too-deep`.
package enum XMLReader {
  package enum DoctypePolicy: Sendable {
    case refused
    /// `<!DOCTYPE name …>` without an internal subset is passed over: draw.io writes one into its SVG
    /// files. What it names is never loaded, and an entity that it might declare is an error.
    case passedOver(name: String)
  }

  package static func tree(
    of bytes: [UInt8], from origin: XMLOrigin, subject: String? = nil,
    doctype: DoctypePolicy = .refused, budget: inout XMLBudget
  ) throws(Diagnostic) -> XMLTree {
    try XMLPreflight.check(bytes, from: origin, subject: subject, limits: budget.limits)
    guard let context = XMLContext(bytes: bytes) else {
      throw Diagnostic(
        "import.xml.too-large", "the XML parser could not be started",
        at: origin.location(line: 1, column: 1, subject: subject))
    }
    let builder = XMLTreeBuilder(
      source: bytes, origin: origin, subject: subject, doctype: doctype, budget: budget)
    unsafe builder.parse(with: context.pointer)
    budget = builder.budget
    return try builder.result(isWellFormed: unsafe context.pointer.pointee.wellFormed != 0)
  }
}
