public import EngineSupport

/// Imports MITRE ATT&CK as its project publishes it: a STIX 2.1 bundle with techniques, tactics, mitigations, assets,
/// groups, software, campaigns and their relations.
///
/// Source: OASIS STIX 2.1; MITRE's own properties (`x_mitre_…`) as ATT&CK 18 has them.
public struct STIXImporter: CatalogueImporter {
  public static let title = "STIX 2.1 bundle of MITRE ATT&CK"

  public static func recognizes(_ document: InputDocument) -> Bool {
    document.startsAsObject && document.head(contains: "\"bundle")
  }

  public init() {}

  public func catalogue(
    in document: InputDocument, digest: ContentDigest, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) -> KnowledgeCatalogue {
    let root = try JSONParser.parse(
      document, depthLimit: CatalogueLimits.depth, valueLimit: CatalogueLimits.values)
    guard root["type"]?.string == "bundle", let objects = root["objects"]?.elements else {
      throw Diagnostic(
        "knowledge.stix.malformed", "a bundle says \"type\": \"bundle\" and has \"objects\"",
        at: root.location)
    }
    var reading = STIXReading(document: document.name, objects: objects)
    try reading.read(reportingTo: &diagnostics)
    let collection = try Self.collection(objects, at: root.location)
    guard let domain = reading.domain else {
      throw Diagnostic(
        "knowledge.stix.domain", "no object says which matrix of ATT&CK it belongs to",
        at: root.location)
    }
    guard !reading.builder.entries.isEmpty else {
      throw Diagnostic("knowledge.stix.malformed", "the bundle names nothing", at: root.location)
    }
    return KnowledgeCatalogue(
      id: domain.id, title: domain.title, version: collection, source: document.name,
      licence:
        "ATT&CK Terms of Use, © The MITRE Corporation. This work is reproduced and distributed with the "
        + "permission of The MITRE Corporation",
      digest: digest, origin: .imported(document.name),
      entries: reading.builder.sorted(by: STIXReading.kinds.map(\.kind)))
  }

  /// The version that the bundle says of itself; one without cannot be told from another.
  private static func collection(
    _ objects: [JSONValue], at location: SourceLocation?
  ) throws(Diagnostic) -> String {
    let collection = objects.first { $0["type"]?.string == "x-mitre-collection" }
    guard let version = collection?["x_mitre_version"]?.string else {
      throw Diagnostic(
        "knowledge.stix.version", "the bundle does not say its version", at: location,
        hint:
          "take a release of attack-stix-data: it holds an x-mitre-collection with x_mitre_version")
    }
    guard let problem = CatalogueLimits.problem(of: version) else { return version }
    throw Diagnostic("knowledge.stix.version", problem, at: collection?.location)
  }
}
