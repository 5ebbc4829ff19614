import AssessmentPipeline
import EngineSupport
import Provenance
import Testing
import ThreatKnowledge

/// Imported catalogues are pinned by the digest of their bytes; anything else is an error at the pinning line.
@Suite struct KnowledgeLockTests {
  private static let own = """
    {"format":1,"id":"our-own","title":"Ours","version":"3","source":"us","licence":"ours","entries":[
    {"id":"X-1","kind":"control","name":"Be careful"}
    ]}
    """
  /// Withdraws a technique that the bundled language cites.
  private static let withdrawn = """
    {"format":1,"id":"attack-ics","title":"ATT&CK","version":"99","source":"us","licence":"ours","entries":[
    {"id":"T0866","kind":"technique","name":"Old","flags":["deprecated"]}
    ]}
    """

  private func document(_ text: String, _ name: String = "ours.json") -> InputDocument {
    InputDocument(name: name, bytes: Array(text.utf8))
  }

  private func lock(
    _ text: String = own, at path: String = "ours.json"
  ) throws -> KnowledgeLock {
    var diagnostics = Diagnostics()
    let file = document(text, path)
    let catalogue = try CatalogueImporters.catalogue(
      in: file, digest: ContentDigest(of: file.bytes), reportingTo: &diagnostics)
    var lock = KnowledgeLock(emptyNamed: "bartizan.lock.yaml")
    try lock.pin(catalogue, from: path)
    return lock
  }

  private func error(_ work: () throws -> Void) -> Diagnostic? {
    do {
      try work()
      return nil
    } catch let input as BadInput {
      return input.diagnostics.first { $0.severity == .error }
    } catch {
      return error as? Diagnostic
    }
  }

  @Test func bundledDigestsAreThoseOfTheBytes() {
    for (catalogue, file) in zip(
      KnowledgeBase.bundled.catalogues, KnowledgeBase.bundledFiles.dropFirst())
    {
      #expect(file.name == "\(catalogue.id).json")
      #expect(catalogue.digest == ContentDigest(of: file.bytes), "\(catalogue.id)")
    }
  }

  @Test func lockFilesStandBesideTheirProduct() {
    #expect(KnowledgeLock.fileName(beside: "bartizan.yaml") == "bartizan.lock.yaml")
    #expect(KnowledgeLock.fileName(beside: "flow.meter.yml") == "flow.meter.lock.yml")
    #expect(KnowledgeLock.fileName(beside: "product") == "product.lock.yaml")
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let written = try lock(at: "../our \"own\" folder/ours.json")
    var diagnostics = Diagnostics()
    let read = try KnowledgeLock(reading: written.document, reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty)
    let pin = try #require(read.pins.first)
    #expect(pin.catalogue == "our-own" && pin.version == "3")
    #expect(pin.file.path == "../our \"own\" folder/ours.json")
    #expect(pin.digest == ContentDigest(of: Array(Self.own.utf8)))
    #expect(pin.location.line == 4)
    let empty = KnowledgeLock(emptyNamed: "empty")
    #expect(try KnowledgeLock(reading: empty.document, reportingTo: &diagnostics).pins.isEmpty)
    #expect(!diagnostics.hasErrors)
  }

  @Test func aPinReplacesAnEarlierOne() throws {
    var lock = try lock(Self.withdrawn)
    var diagnostics = Diagnostics()
    let file = document(Self.withdrawn.replacing("\"99\"", with: "\"100\""), "b.json")
    let catalogue = try CatalogueImporters.catalogue(
      in: file, digest: ContentDigest(of: file.bytes), reportingTo: &diagnostics)
    try lock.pin(catalogue, from: "b.json")
    #expect(lock.pins.map(\.version) == ["100"])
    #expect(throws: Diagnostic.self) { try lock.pin(catalogue, from: "a\nb.json") }
  }

  @Test func malformedLocksHavePlaces() throws {
    let sound = try lock().document
    let text = String(decoding: sound.bytes, as: UTF8.self)
    for (old, new, line) in [
      ("format: 1", "format: 2", 2), ("  version: \"3\"\n", "", 4), ("sha256: ", "sha256: z", 7),
      ("file: \"", "file: \"/", 6), ("id: \"our-own\"", "id: Our_Own", 4),
      ("  version", "  extra: 1\n  version", 5),
    ] {
      var diagnostics = Diagnostics()
      let changed = document(text.replacing(old, with: new), "bartizan.lock.yaml")
      var found = error { _ = try KnowledgeLock(reading: changed, reportingTo: &diagnostics) }
      found = found ?? diagnostics.all.first
      #expect(found?.location?.line == line, "\(old): \(String(describing: found))")
    }
    let pin = text.split(separator: "\n").suffix(4).joined(separator: "\n")
    var diagnostics = Diagnostics()
    _ = try KnowledgeLock(
      reading: document(text + pin + "\n", "lock"), reportingTo: &diagnostics)
    #expect(diagnostics.all.map(\.code.name) == ["knowledge.lock.duplicate"])
  }

  @Test func filesThatAreGoneOrChangedOrOthersAreRefused() throws {
    let lock = try lock()
    var diagnostics = Diagnostics()
    func code(_ documents: [String: InputDocument]) -> String? {
      error { _ = try lock.knowledge(from: documents, reportingTo: &diagnostics) }?.code.name
    }
    #expect(code(["ours.json": document(Self.own)]) == nil)
    #expect(code([:]) == "input.file.missing")
    #expect(code(["ours.json": document(Self.own + " ")]) == "knowledge.lock.changed")
    let text = String(decoding: lock.document.bytes, as: UTF8.self)
    let other = try KnowledgeLock(
      reading: document(text.replacing("\"3\"", with: "\"4\""), "lock"),
      reportingTo: &diagnostics)
    let found = error {
      _ = try other.knowledge(
        from: ["ours.json": document(Self.own)], reportingTo: &diagnostics)
    }
    #expect(found?.code.name == "knowledge.lock.other")
    #expect(found?.location?.document == "lock")
  }

  @Test func anAssessmentUsesWhatIsPinned() throws {
    let sample = try SampleProduct()
    let plain = try sample.assess(samples: 1)
    #expect(plain.knowledge.catalogues.allSatisfy { $0.origin == .bundled })
    let lock = try lock(Self.withdrawn)
    var diagnostics = Diagnostics()
    let product = try ProductFile(reading: sample.product, reportingTo: &diagnostics)
    var documents = sample.documents
    documents["ours.json"] = document(Self.withdrawn)
    func assess(_ documents: [String: InputDocument]) throws -> AssessmentResult {
      try Assessment(
        of: product, from: sample.product, documents: documents, lock: lock,
        options: AssessmentOptions(sampleLimit: 1)
      ).run()
    }
    let result = try assess(documents)
    #expect(result.knowledge.catalogue("attack-ics")?.version == "99")
    #expect(
      result.sources.filter { $0.role == .knowledgeLock || $0.role == .catalogue }.map(\.name)
        == ["bartizan.lock.yaml", "ours.json"])
    #expect(result.root != plain.root)
    let warning = result.diagnostics.first { $0.code == "knowledge.citation.withdrawn" }
    #expect(warning?.message.contains("T0866") == true)
    documents["ours.json"]?.bytes.append(0x20)
    let changed = documents
    #expect(error { _ = try assess(changed) }?.code.name == "knowledge.lock.changed")
  }
}
