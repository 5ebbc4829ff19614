public import EngineSupport

/// Reads CycloneDX 1.6 and 1.7 bills of materials in JSON (ECMA-424), and 1.5, whose machine-learning part
/// is the same.
///
/// Unknown members are allowed and counted. A member of the wrong type is an error with its place; the
/// element is then imported without it.
public struct CycloneDXImporter: DescriptorImporter {
  public static let format = DescriptorFormat("CycloneDX JSON")

  static let versions = ["1.5", "1.6", "1.7"]

  public init() {}

  /// A JSON object that mentions the member `bomFormat` anywhere: writers differ in the order of members.
  public static func recognizes(_ document: InputDocument) -> Bool {
    let bytes = document.bytes
    guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{") else {
      return false
    }
    let key = Array("\"bomFormat\"".utf8)
    var start = bytes.startIndex
    while let quote = bytes[start...].firstIndex(of: key[0]) {
      if bytes[quote...].starts(with: key) { return true }
      start = quote + 1
    }
    return false
  }

  /// - Throws: `json.malformed`, `input.not-utf8`, `descriptor.cyclonedx.format`,
  ///   `descriptor.cyclonedx.version`.
  ///
  /// Reports `descriptor.cyclonedx.type`, `.missing`, `.component-type`, `.hash-algorithm`,
  /// `.serial-number`, `.duplicate-ref`, `.dangling-ref`, `.confidence-interval`, `.licence`.
  public func lineage(
    of document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> Lineage {
    let root = try JSONParser.parse(document)
    let place = root.location ?? SourceLocation(document: document.name)
    guard root.members != nil, root["bomFormat"]?.string == "CycloneDX" else {
      throw Diagnostic(
        "descriptor.cyclonedx.format", "the member bomFormat must say \"CycloneDX\"",
        at: root["bomFormat"]?.location ?? place)
    }
    guard let version = root["specVersion"], let text = version.string,
      Self.versions.contains(text)
    else {
      throw Diagnostic(
        "descriptor.cyclonedx.version",
        "specVersion must be one of \(Self.versions.joined(separator: ", "))",
        at: root["specVersion"]?.location ?? place)
    }
    let versionPlace = version.location ?? place
    if text == "1.5" {
      diagnostics.report(
        Diagnostic(
          .note, "descriptor.cyclonedx.version", "version 1.5 is read by the rules of 1.6",
          at: versionPlace))
    }
    var reader = CycloneDXReader(
      Lineage(format: Self.format, formatVersion: Located(text, at: versionPlace)), at: place)
    reader.read(root)
    diagnostics.report(contentsOf: reader.diagnostics)
    return reader.lineage
  }
}
