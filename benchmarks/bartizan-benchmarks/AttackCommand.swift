import AdversarialTesting
import ArgumentParser
import AssessmentPipeline
import EngineSupport
import Foundation
import ModelTesting
import NeuralRuntime
import NumPyFormat
import ONNXFormat
import TensorCore

/// Runs one attack on a model and its evaluation data and writes what it found, so that a peer can check
/// each example by itself and compare robust accuracy.
struct AttackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack",
    abstract: "Attack a classifier on evaluation data; write the examples as JSON or JSON Lines.")

  @Argument var model: String
  @Argument var data: String
  @Option(help: "The array of samples.") var array = "images"
  @Option(help: "The array of labels.") var labels = "labels"
  @Option(help: "The attack's name.") var attack = ProjectedGradientDescent.name
  @Option(help: "Parameters that differ from the default, as a JSON object.") var parameters = "{}"
  @Option(help: "L-infinity, L2, L1 or L0.") var norm = PerturbationNorm.linf.rawValue
  @Option(help: "The radius; none looks for the smallest change.") var budget: Double?
  @Option(help: "Only the first so many samples.") var count: Int?
  @Option(help: "Queries allowed for one sample.") var queries: Int?
  @Option var seed: UInt64 = 1
  @Option(help: "How often to run, for timing.") var runs = 1
  @Option(help: "The high end of every element's range; the low end is 0.") var high = 1.0
  @Option(help: "The distance of two readings; 0 where readings are continuous.") var lsb = 0.0
  @Option(help: "Where the examples go as JSON.") var output: String?
  @Option(help: "Where the samples go as JSON Lines, for scripts/check-examples.") var records:
    String?

  func run() throws {
    guard let norm = PerturbationNorm(rawValue: norm) else {
      throw ValidationError("the norms are L-infinity, L2, L1 and L0")
    }
    guard runs >= 1 else { throw ValidationError("--runs is at least 1") }
    let attack = try configured()
    let (target, batch) = try prepared(norm: norm)
    var findings: [AttackFinding] = []
    var spent = QueryCount()
    var (fastest, leastWork) = (Double.infinity, Double.infinity)
    for _ in 0..<runs {
      var oracle = TargetOracle(
        target, access: type(of: attack).needs, queriesPerSample: queries)
      let (start, ticks) = (ContinuousClock.now, clock())
      findings = try attack.prepared(on: batch, asking: &oracle).search(batch, asking: &oracle)
      let elapsed = ContinuousClock.now - start
      leastWork = min(leastWork, Double(clock() - ticks) / Double(CLOCKS_PER_SEC))
      fastest = min(
        fastest,
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
      spent = oracle.spent
    }
    let originals = batch.originals
    let clean = try target.scores(of: originals)
    let rows = findings.indices.map { row -> JSONValue in
      let scores = clean.rows(row..<row + 1).elements
      let isRight = scores.max() == scores[batch.labels[row]]
      return .object([
        ("sample", .integer(batch.samples[row])), ("clean", .bool(isRight)),
        ("example", findings[row].candidate.map { .strings($0.map(\.description)) } ?? .null),
      ])
    }
    if let output {
      let json = CanonicalJSON.bytes(of: .object([("findings", .array(rows))]))
      try Data(json).write(to: URL(fileURLWithPath: output))
    }
    if let records { try write(findings, of: batch, on: target, to: records) }
    print(
      DecimalText.fixed(fastest, digits: 6), "s,", DecimalText.fixed(leastWork, digits: 6),
      "s of the processor,", spent.forward, "forward,", spent.backward,
      "backward,", findings.count { $0.candidate != nil }, "of", findings.count, "found")
  }

  /// One line a sample; what was already wrong when clean is no example.
  private func write(
    _ findings: [AttackFinding], of batch: AttackBatch, on target: any TargetModel, to path: String
  ) throws {
    var bytes: [UInt8] = []
    for (row, finding) in findings.enumerated() {
      let original = batch.originals.rows(row..<row + 1)
      var fields: [(String, JSONValue?)] = [
        ("index", .integer(batch.samples[row])), ("label", .integer(batch.labels[row])),
        ("norm", .string(batch.set.norm.rawValue)),
      ]
      if let candidate = finding.candidate, try prediction(original, target) == batch.labels[row] {
        let reading = Tensor(shape: original.shape, elements: candidate)
        let distance = batch.set.distance(original.elements, candidate)
        fields += [
          ("budget", batch.set.budget.isFinite ? .string(batch.set.budget.description) : nil),
          ("distance", .string(distance.description)),
          ("prediction", .integer(try prediction(reading, target))),
          ("reading", .strings(candidate.map(\.description))),
        ]
      }
      bytes += CanonicalJSON.bytes(of: .object(fields)) + [UInt8(ascii: "\n")]
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func prediction(_ sample: Tensor<Float>, _ target: any TargetModel) throws -> Int {
    let scores = try target.scores(of: sample).elements
    return scores.indices.max { scores[$0] < scores[$1] || scores[$0] == scores[$1] && $0 > $1 }
      ?? 0
  }

  /// The attack with the parameters that were given, the others at their defaults.
  private func configured() throws -> any AdversarialAttack {
    guard let type = AdversarialAttacks.all.first(where: { $0.name == attack }) else {
      throw ValidationError(
        "the attacks are \(AdversarialAttacks.all.map { $0.name }.joined(separator: ", "))")
    }
    return try merged(into: type.init())
  }

  private func merged<Attack: AdversarialAttack>(into attack: Attack) throws -> Attack {
    let changes = try JSONSerialization.jsonObject(with: Data(parameters.utf8)) as? [String: Any]
    let defaults =
      try JSONSerialization.jsonObject(with: try JSONEncoder().encode(attack)) as? [String: Any]
    guard let changes, let defaults else { throw ValidationError("--parameters is a JSON object") }
    guard changes.keys.allSatisfy({ defaults[$0] != nil }) else {
      throw ValidationError("the parameters are \(defaults.keys.sorted().joined(separator: ", "))")
    }
    let all = defaults.merging(changes) { $1 }
    return try JSONDecoder().decode(
      Attack.self, from: try JSONSerialization.data(withJSONObject: all))
  }

  private func prepared(norm: PerturbationNorm) throws -> (any TargetModel, AttackBatch) {
    var diagnostics = Diagnostics()
    let document = try Self.document(model)
    let network = try Network(planning: try ONNXModel(reading: document), reportingTo: &diagnostics)
    let target = try NetworkTarget(network, at: SourceLocation(document: document.name))
    let archive = try NumPyArchive(reading: try Self.document(data))
    var inputs = try archive.array(named: array).floatTensor()
    var classes = try archive.array(named: labels).integers()
    if let count, count < classes.count {
      inputs = inputs.rows(0..<count)
      classes = Array(classes[0..<count])
    }
    let limits = try PhysicalLimits(
      shape: target.inputShape, low: [0], high: [high], leastSignificantBit: [lsb])
    let set = try PerturbationSet(limits, norm: norm, budget: budget ?? .infinity)
    return (
      target,
      AttackBatch(
        samples: Array(0..<classes.count), originals: inputs, labels: classes, set: set,
        random: SeededRandom(seed: seed))
    )
  }

  private static func document(_ path: String) throws -> InputDocument {
    InputDocument(name: path, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }
}
