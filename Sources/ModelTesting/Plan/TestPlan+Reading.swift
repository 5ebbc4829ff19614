import AdversarialTesting
public import EngineSupport
import TensorCore
import YAMLDocuments

extension TestPlan {
  /// Largest plan that is read, in bytes.
  static let sizeLimit = 1 << 20

  /// Reads and checks a plan; every key is known or reported with its line.
  ///
  /// Throws the first thing that makes the rest unreadable; other errors go to `diagnostics`, and the value
  /// must not be used when there are any.
  public init(
    reading document: InputDocument, reportingTo diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    guard document.bytes.count <= Self.sizeLimit else {
      throw Diagnostic(
        "plan.too-large", "a test plan has at most \(Self.sizeLimit) bytes",
        at: SourceLocation(document: document.name))
    }
    var root = try YAMLSection(document: document, family: "plan")
    _ = try root.required("format").integer(in: 1...1)
    self.document = document.name
    title = try root.required("title").text()
    var model = try root.required("model").section()
    task = try Self.task(&model)
    modelDigest = try Self.digest(model.optional("sha256"))
    model.finish(reportingTo: &diagnostics)
    let input = try Input(root.required("input"), &diagnostics)
    self.input = input
    data = try Data(root.required("data"), needsLabels: task.isAboutClasses, &diagnostics)
    attackers = []
    if let value = root.optional("attackers") {
      for value in try value.elements() {
        let attacker = try Attacker(value, input, &diagnostics)
        guard !attackers.contains(where: { $0.front == attacker.front }) else {
          throw Diagnostic(
            "plan.attacker.duplicate",
            "two attackers stand at the front \(attacker.front.rawValue)",
            at: value.location)
        }
        attackers.append(attacker)
      }
    }
    let task = task
    streams = try root.optional("streams").map { value throws(Diagnostic) in
      try StreamTest(value, input, task, &diagnostics)
    }
    noise = try root.optional("noise").map { value throws(Diagnostic) in
      try NoiseTest(value, input, &diagnostics)
    }
    faults = try root.optional("faults").map { value throws(Diagnostic) in
      try FaultTest(value, input, &diagnostics)
    }
    corruptions = try root.optional("corruptions").map { value throws(Diagnostic) in
      try CorruptionTest(value, input, &diagnostics)
    }
    certificates = try root.optional("certificates").map { value throws(Diagnostic) in
      try CertificateTest(value, &diagnostics)
    }
    let attackers = attackers
    faultCertificates =
      try root.optional("fault_certificates")?.each { value throws(Diagnostic) in
        try FaultCertificateTest(value, input, attackers, &diagnostics)
      } ?? []
    properties =
      try root.optional("properties")?.each { value throws(Diagnostic) in
        try PropertyTest(value, input, task, &diagnostics)
      } ?? []
    smoothing = try root.optional("smoothing").map { value throws(Diagnostic) in
      try SmoothingTest(value, input, task, &diagnostics)
    }
    seed = try UInt64(root.optional("seed")?.integer(in: 0...Int.max) ?? 1)
    root.finish(reportingTo: &diagnostics)
    try check(root.location)
  }

  private func check(_ location: SourceLocation) throws(Diagnostic) {
    guard
      !attackers.isEmpty || noise != nil || faults != nil || corruptions != nil
        || !faultCertificates.isEmpty || !properties.isEmpty || smoothing != nil
    else {
      throw Diagnostic(
        "plan.empty", "the plan tests nothing", at: location,
        hint:
          "say at least one of attackers, noise, faults, corruptions, fault_certificates, properties, smoothing"
      )
    }
    if let streams, attackers.isEmpty {
      throw Diagnostic(
        "plan.streams.attackers", "streams are bent by attackers, and the plan has none",
        at: streams.location)
    }
    if let certificates, !attackers.contains(where: { $0.front == certificates.front }) {
      throw Diagnostic(
        "plan.certificates.front",
        "certificates are for the attacker at the front \(certificates.front.rawValue), and there is none",
        at: location)
    }
  }

  private static func task(_ model: inout YAMLSection) throws(Diagnostic) -> Task {
    enum Kind: String, CaseIterable { case classification, regression }
    switch try model.required("task").choice(of: Kind.self) {
    case .classification:
      let names = try model.optional("classes").map { value throws(Diagnostic) in
        try texts(value)
      }
      let quiet = try model.optional("quiet_class").map { value throws(Diagnostic) in
        let name = try value.text()
        guard let index = names?.firstIndex(of: name) else {
          throw value.wrong("\"\(name)\" is not one of the classes")
        }
        return index
      }
      return .classification(classes: names, quiet: quiet)
    case .regression:
      let tolerance = try model.required("tolerance").positive()
      return .regression(tolerance: tolerance, unit: try model.required("unit").text())
    }
  }

  private static func digest(_ value: YAMLValue?) throws(Diagnostic) -> ContentDigest? {
    guard let value else { return nil }
    guard let digest = ContentDigest(hexadecimal: try value.text()) else {
      throw value.wrong("a SHA-256 has 64 hexadecimal digits")
    }
    return digest
  }

  static func texts(_ value: YAMLValue) throws(Diagnostic) -> [String] {
    var texts: [String] = []
    for element in try value.elements() { texts.append(try element.text()) }
    guard !texts.isEmpty, Set(texts).count == texts.count else {
      throw value.wrong("the list is empty or names something twice")
    }
    return texts
  }
}

extension TestPlan.Task {
  var isAboutClasses: Bool {
    if case .classification = self { true } else { false }
  }
}

extension TestPlan.FileReference {
  init(_ value: YAMLValue) throws(Diagnostic) {
    let path = try value.text()
    guard !path.hasPrefix("/"), !path.contains("\\") else {
      throw value.wrong("a path is relative to this file and uses '/'")
    }
    self.init(path: path, location: value.location)
  }
}

extension TestPlan.Data {
  fileprivate init(
    _ value: YAMLValue, needsLabels: Bool, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    try self.init(&section, needsLabels: needsLabels, &diagnostics)
    if !needsLabels { targets = try section.optional("targets")?.text() }
    section.finish(reportingTo: &diagnostics)
  }

  /// The keys of evaluation data out of a section that has more.
  init(
    _ section: inout YAMLSection, needsLabels: Bool, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    file = try TestPlan.FileReference(section.required("file"))
    inputs = try section.required("inputs").text()
    labels =
      needsLabels
      ? try section.required("labels").text() : try section.optional("labels")?.text()
    targets = nil
    groups = try section.optional("groups")?.text()
    rule = .all
    seed = 1
    if let value = section.optional("sample") {
      if value.isMapping {
        var sample = try value.section()
        rule = try Self.rule(&sample, at: value)
        seed = UInt64(try sample.optional("seed")?.integer(in: 0...Int.max) ?? 1)
        sample.finish(reportingTo: &diagnostics)
      } else if try value.text() != "all" {
        throw value.wrong(
          "say `all`, or a mapping with `size`, `proving_rate_below` or `half_width`")
      }
    }
  }

  private static func rule(
    _ sample: inout YAMLSection, at place: YAMLValue
  ) throws(Diagnostic) -> TestPlan.SamplingRule {
    if let size = sample.optional("size") {
      return .count(try size.integer(in: 1...1_000_000))
    }
    let confidence = try sample.optional("confidence")?.share() ?? 0.95
    if let rate = sample.optional("proving_rate_below") {
      let failures = try sample.optional("failures")?.integer(in: 0...1_000) ?? 0
      return .proving(rate: try rate.share(), confidence: confidence, failures: failures)
    }
    if let width = sample.optional("half_width") {
      return .halfWidth(try width.share(), confidence: confidence)
    }
    throw place.wrong("say `size`, `proving_rate_below` or `half_width`")
  }
}

extension TestPlan.NoiseTest {
  fileprivate init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    draws = try section.optional("draws")?.integer(in: 1...100_000) ?? 100
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
    guard input.channels.contains(where: { $0.noise > 0 }) else {
      throw value.wrong("no channel says its noise")
    }
  }
}

extension TestPlan.FaultTest {
  fileprivate init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    channels = Array(input.channels.indices)
    if let value = section.optional("channels") { channels = try input.places(value) }
    onset = try section.optional("onset")?.integer(in: 0...1_000_000) ?? 0
    duration = try section.optional("duration")?.integer(in: 1...1_000_000)
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
  }
}

extension TestPlan.CorruptionTest {
  fileprivate init(
    _ value: YAMLValue, _ input: TestPlan.Input, _ diagnostics: inout Diagnostics
  ) throws(Diagnostic) {
    var section = try value.section()
    reason = try section.required("reason").text()
    section.finish(reportingTo: &diagnostics)
    guard input.axis(.row) != nil, input.axis(.column) != nil else {
      throw value.wrong("corruptions are for images: the layout has no rows and columns")
    }
  }
}

extension TestPlan.CertificateTest {
  fileprivate init(_ value: YAMLValue, _ diagnostics: inout Diagnostics) throws(Diagnostic) {
    var section = try value.section()
    front = try section.required("front").choice(of: TestPlan.Front.self)
    samples = try section.optional("samples")?.integer(in: 1...100_000) ?? 24
    section.finish(reportingTo: &diagnostics)
  }
}

extension YAMLValue {
  func positive() throws(Diagnostic) -> Double {
    let value = try number()
    guard value > 0 else { throw wrong("the number must be positive") }
    return value
  }

  func notNegative() throws(Diagnostic) -> Double {
    let value = try number()
    guard value >= 0 else { throw wrong("the number must not be negative") }
    return value
  }

  /// A share between 0 and 1, both left out.
  func share() throws(Diagnostic) -> Double {
    let value = try number()
    guard value > 0, value < 1 else { throw wrong("the share lies between 0 and 1") }
    return value
  }
}
