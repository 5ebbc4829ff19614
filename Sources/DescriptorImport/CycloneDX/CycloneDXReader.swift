import EngineSupport

/// The walk through one CycloneDX document: the lineage so far, and what was wrong on the way.
struct CycloneDXReader {
  var lineage: Lineage
  /// At most `diagnosticLimit`, and one that counts the rest: a hostile document must not multiply itself.
  var diagnostics: [Diagnostic] = []
  var furtherDiagnostics = 0
  var worstFurther = Diagnostic.Severity.note
  static let diagnosticLimit = 1_000
  /// References of data components and of data in model cards, to the index in `lineage.dataSets`.
  var dataSetIndices: [String: Int] = [:]
  /// Where each `bom-ref` of the document is declared, whatever declares it.
  private var references: [String: SourceLocation] = [:]
  private let document: SourceLocation

  init(_ lineage: Lineage, at document: SourceLocation) {
    self.lineage = lineage
    self.document = document
  }

  mutating func read(_ root: JSONValue) {
    collectReferences(in: root)
    var fields = fields(of: root)
    for name in ["bomFormat", "specVersion", "$schema", "version"] { fields.skip(name) }
    lineage.serialNumber = string("serialNumber", in: &fields)
    checkSerialNumber()
    var cards: [(index: Int, card: JSONValue)] = []
    if let metadata = fields.take("metadata") { readMetadata(metadata, &cards) }
    readComponents(in: &fields, &cards)
    // Cards last: their data references may point forwards.
    for (index, card) in cards { readCard(card, ofModel: index) }
    if let dependencies = array("dependencies", in: &fields) {
      for dependency in dependencies { readDependency(dependency) }
    }
    finish(fields)
    if furtherDiagnostics > 0 {
      diagnostics.append(
        Diagnostic(
          worstFurther, "descriptor.cyclonedx.more",
          "\(furtherDiagnostics) further problems are not listed", at: document))
    }
  }

  /// Where a value stands; the document where the parser gave no place.
  func place(_ value: JSONValue) -> SourceLocation { value.location ?? document }

  func isDeclared(_ reference: String) -> Bool { references[reference] != nil }

  private mutating func readMetadata(
    _ metadata: JSONValue, _ cards: inout [(index: Int, card: JSONValue)]
  ) {
    guard expectObject(metadata, "metadata") else { return }
    var fields = fields(of: metadata)
    lineage.timestamp = string("timestamp", in: &fields)
    if let component = fields.take("component"), expectObject(component, "component") {
      if let name = component["name"], let text = name.string {
        lineage.subject = Located(text, at: place(name))
      }
      readComponent(component, &cards)
    }
    finish(fields)
  }

  private mutating func checkSerialNumber() {
    guard let serial = lineage.serialNumber else { return }
    let groups = serial.value.split(separator: "-", omittingEmptySubsequences: false)
    let digits = groups.joined().dropFirst("urn:uuid:".count)
    let isUUID =
      serial.value.hasPrefix("urn:uuid:")
      && groups.map(\.utf8.count) == [17, 4, 4, 4, 12]
      && digits.utf8.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
    guard !isUUID else { return }
    report(
      .warning, "descriptor.cyclonedx.serial-number",
      "the serial number is not a urn:uuid: with a UUID", at: serial.location)
  }

  /// Every `bom-ref` in the document, at any depth the parser allows; each must be unique.
  private mutating func collectReferences(in value: JSONValue) {
    switch value.kind {
    case .array(let elements): for element in elements { collectReferences(in: element) }
    case .object(let members):
      for member in members {
        if member.key == "bom-ref", let reference = member.value.string {
          if let first = references[reference] {
            report(
              .error, "descriptor.cyclonedx.duplicate-ref",
              "the bom-ref \"\(reference)\" is declared before, at \(first)",
              at: place(member.value))
          } else {
            references[reference] = place(member.value)
          }
        }
        collectReferences(in: member.value)
      }
    default: break
    }
  }

  private mutating func readDependency(_ dependency: JSONValue) {
    guard expectObject(dependency, "dependency") else { return }
    var fields = fields(of: dependency)
    if let reference = requiredString("ref", in: &fields) { resolve(reference) }
    for name in ["dependsOn", "provides"] {
      for reference in strings(name, in: &fields) { resolve(reference) }
    }
    finish(fields)
  }

  /// Notes a reference that leads nowhere; a BOM-Link leads to another document on purpose.
  mutating func resolve(_ reference: Located<String>) {
    guard !isDeclared(reference.value), !reference.value.hasPrefix("urn:cdx:") else { return }
    lineage.danglingReferences.append(reference)
    report(
      .warning, "descriptor.cyclonedx.dangling-ref",
      "no element of the document has the bom-ref \"\(reference.value)\"", at: reference.location)
  }
}
