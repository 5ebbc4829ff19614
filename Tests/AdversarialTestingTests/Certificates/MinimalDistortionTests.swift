import AdversarialTesting
import EngineSupport
import Foundation
import NetworkVerification
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Exact minimal distortions of two networks, as published, between our certificates and the nearest points that
/// our verifier finds.
///
/// Source of weights, inputs and distortions: the integration tests of MIPVerify (Tjeng, Xiao, Tedrake, "Evaluating
/// robustness of neural networks with mixed integer programming", ICLR 2019). There every array holds the first
/// numbers of one table, in column-major order, and the distortions come from mixed-integer programs.
@Suite struct MinimalDistortionTests {
  private typealias Models = CertificateModels

  /// Thousandths in [0, 1).
  private static let digits = """
    823714970265969105242362061994910439769092473530753966168245164279799114615666853025856013177340
    846766799506388412479980278236539745934583147829007819203073155585635252564824337432042113783414
    623218621045088958068885718451798387531992716845361514172628995964083397504188973692493218967498
    033752033641585849347379211582453935355099539697360333870127656579110270260228168414847133409977
    882037910257737545859770106691841309167800722275779061139463798498655716652042788278468627385862
    575528711426983218577198820944868001430468421976024441994760967362408288640096074531011361767697
    913272466115150719507769469435569596816266376302297828062986452885675679115974622696353997153147
    329223866426234766767507860876067962277196151903043215910161086585411095551682267858310262253613
    020090295593066905455942613908304279886515156435649926685719779616844328605065238644477201867604
    402137135135823395592636275824837735838922369495796881616641236165914244916403721119320725619102
    300064502997030207534637434324722425557245923873267202625388119548973426859350459881340773767266
    537179427197470596993912801788242899892727031965251801035957238246560222964812886753484032714337
    850110629062086459899685106184420043157701165237951841017268796929680866579103801189449247134134
    169201646318124161493881472507613296114214114897280889240641908614677453079095119572169360803853
    250259776777050556129395468639635306104868602687412983349858483538838837052836706179270538785463
    184798306852632723151275740732312186245935737940379641037338196187242291795850454453653167873519
    """

  private static let table: [Double] = {
    var table: [Double] = []
    var (value, count) = (0, 0)
    for character in digits {
      guard let digit = character.wholeNumberValue else { continue }
      value = 10 * value + digit
      count += 1
      if count == 3 {
        table.append(Double(value) / 1_000)
        (value, count) = (0, 0)
      }
    }
    return table
  }()

  /// The first numbers of the table, spread over a range.
  private static func numbers(_ count: Int, from low: Double = -1) -> [Float] {
    table.prefix(count).map { Float($0 * (1 - low) + low) }
  }

  /// Column-major numbers of these extents, laid out row-major with the axes in another order.
  private static func permuted(_ extents: [Int], _ order: [Int], from low: Double = -1) -> [Float] {
    let values = numbers(extents.reduce(1, *), from: low)
    let target = order.map { extents[$0] }
    return values.indices.map { place in
      var rest = place
      var index = extents.map { _ in 0 }
      for axis in target.indices.reversed() {
        index[order[axis]] = rest % target[axis]
        rest /= target[axis]
      }
      var source = 0
      for axis in extents.indices.reversed() { source = source * extents[axis] + index[axis] }
      return values[source]
    }
  }

  private static func dense(
    _ number: Int, inputs: Int, outputs: Int, _ constants: inout [ONNXTensor]
  ) {
    constants.append(
      Models.floats("w\(number)", [inputs, outputs], permuted([inputs, outputs], [0, 1])))
    constants.append(Models.floats("b\(number)", [outputs], numbers(outputs)))
  }

  /// 6 × 6 pixels, two 2 × 2 filters, pooling by 2, and two dense layers.
  private static func pooled() throws -> (Network, [Float]) {
    var constants = [
      Models.floats("k", [2, 1, 2, 2], permuted([2, 2, 1, 2], [3, 2, 0, 1])),
      Models.floats("c", [2], numbers(2)),
    ]
    dense(1, inputs: 18, outputs: 4, &constants)
    dense(2, inputs: 4, outputs: 3, &constants)
    // The maximum of four is written with rectifiers, whose sides the verifier can tell apart; the search for least
    // distances reads one maximum out of them.
    var nodes = [Models.node("Conv", ["x", "k", "c"], "a", ["pads": .ints([0, 0, 1, 1])])]
    for (place, corner) in [[0, 0], [0, 1], [1, 0], [1, 1]].enumerated() {
      constants.append(Models.ints("from\(place)", corner))
      nodes.append(
        Models.node("Slice", ["a", "from\(place)", "end", "axes", "steps"], "p\(place)"))
    }
    constants += [
      Models.ints("end", [6, 6]), Models.ints("axes", [2, 3]), Models.ints("steps", [2, 2]),
    ]
    for (left, right, name) in [("p0", "p1", "m0"), ("p2", "p3", "m1"), ("m0", "m1", "m")] {
      nodes += [
        Models.node("Sub", [left, right], "\(name)d"),
        Models.node("Relu", ["\(name)d"], "\(name)r"),
        Models.node("Add", ["\(name)r", right], name),
      ]
    }
    nodes += [
      Models.node("Relu", ["m"], "r"),
      Models.node("Transpose", ["r"], "t", ["perm": .ints([0, 2, 3, 1])]),
      Models.node("Flatten", ["t"], "f"), Models.node("Gemm", ["f", "w1", "b1"], "g"),
      Models.node("Relu", ["g"], "h"), Models.node("Gemm", ["h", "w2", "b2"], "y"),
    ]
    let model = Models.model(nodes, constants, sample: [1, 6, 6])
    return (try Models.network(model), permuted([6, 6], [0, 1], from: 0))
  }

  /// 4 × 8 pixels and three dense layers, whose hidden elements are rectified, passed on, or cut to 0.
  private static func masked() throws -> (Network, [Float]) {
    let masks = [
      [0, 0, 0, 0, -1, -1, -1, 1, 1, -1, 1, 0, 1, 0, -1, 1], [0, -1, 1, 1, -1, -1, 0, 1],
    ]
    var constants: [ONNXTensor] = []
    dense(1, inputs: 32, outputs: 16, &constants)
    dense(2, inputs: 16, outputs: 8, &constants)
    dense(3, inputs: 8, outputs: 4, &constants)
    var nodes = [Models.node("Flatten", ["x"], "h0")]
    for (place, mask) in masks.enumerated() {
      let layer = place + 1
      let width = mask.count
      constants.append(Models.floats("m\(layer)", [width], mask.map { $0 == 0 ? 1 : 0 }))
      constants.append(Models.floats("n\(layer)", [width], mask.map { $0 == 1 ? 1 : 0 }))
      nodes += [
        Models.node("Gemm", ["h\(layer - 1)", "w\(layer)", "b\(layer)"], "a\(layer)"),
        Models.node("Relu", ["a\(layer)"], "r\(layer)"),
        Models.node("Mul", ["r\(layer)", "m\(layer)"], "s\(layer)"),
        Models.node("Mul", ["a\(layer)", "n\(layer)"], "t\(layer)"),
        Models.node("Add", ["s\(layer)", "t\(layer)"], "h\(layer)"),
      ]
    }
    nodes.append(Models.node("Gemm", ["h2", "w3", "b3"], "y"))
    return (
      try Models.network(Models.model(nodes, constants, sample: [4, 8])),
      permuted([4, 8], [0, 1], from: 0)
    )
  }

  struct Case: Sendable, CustomStringConvertible {
    var isPooled: Bool
    /// The class to be reached.
    var target: Int
    var distortion: Double
    /// The share of the distortion that is proved, and the share within which an example is found.
    var proved: Double
    var found: Double
    var description: String { "\(isPooled ? "pooled" : "masked") to class \(target)" }
  }

  @Test(arguments: [
    Case(isPooled: true, target: 1, distortion: 0.06688736, proved: 0.999, found: 1.000_006),
    Case(isPooled: true, target: 2, distortion: 0.427_058_4, proved: 0.25, found: 1.0501),
    Case(isPooled: false, target: 0, distortion: 0.08112308, proved: 0.999, found: 1.000_006),
    Case(isPooled: false, target: 1, distortion: 0.3622567, proved: 0.9, found: 1.0501),
  ])
  func publishedDistortionsLieInOurBrackets(_ item: Case) throws {
    let (network, sample) = try item.isPooled ? Self.pooled() : Self.masked()
    let limits = try PhysicalLimits(shape: network.input.shape, low: [0], high: [1])
    let certification = try RadiusCertification(
      network, goal: .classification, effort: CertificationEffort(boxes: 400, starts: 200))
    func radius(_ share: Double) throws -> CertifiedRadius {
      try certification.radius(
        of: sample, label: item.target, within: PerturbationSet(limits, budget: 1),
        ladder: [item.distortion * share])
    }
    #expect(try radius(item.proved).value == item.distortion * item.proved)
    // The proved box is wider than its budget by the slack of storing readings, some five millionths here.
    let result = try radius(item.found < 1.001 ? 1.000_000_1 : 1.05)
    let refutation = try #require(result.refutation)
    #expect(result.value == 0)
    #expect(refutation.distance <= item.distortion * item.found, "\(refutation.distance)")
    // The published figures have seven digits.
    #expect(refutation.distance >= item.distortion * (1 - 1e-6), "\(refutation.distance)")
    let scores = try network.outputs(
      for: Tensor(shape: [1] + network.input.shape, elements: refutation.reading)
    ).elements
    #expect(scores.allSatisfy { $0 <= scores[item.target] })
  }

  /// The certificate to four digits, which takes a few seconds.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["BARTIZAN_EXHAUSTIVE"] != nil))
  func publishedDistortionsAreCertifiedToFourDigits() throws {
    for (isPooled, target, distortion) in [(true, 1, 0.06688736), (false, 0, 0.08112308)] {
      let (network, sample) = try isPooled ? Self.pooled() : Self.masked()
      let limits = try PhysicalLimits(shape: network.input.shape, low: [0], high: [1])
      let certified = try RadiusCertification(
        network, goal: .classification, effort: CertificationEffort(boxes: 4_000)
      ).radius(
        of: sample, label: target, within: PerturbationSet(limits, budget: 1),
        ladder: [distortion * 0.999_9]
      ).value
      #expect(certified == distortion * 0.999_9)
    }
  }

  private static func bracket(
    _ item: Case, norm: DistortionNorm, _ arithmetic: MinimalDistortion.Arithmetic
  ) throws -> DistortionBracket {
    let (network, sample) = try item.isPooled ? Self.pooled() : Self.masked()
    return try MinimalDistortion(
      network, from: sample, within: sample.map { _ in 0 }, sample.map { _ in 1 },
      to: MinimalDistortion.classConstraints(
        item.target, of: network.output.shape.reduce(1, *)),
      norm: norm, holdingFor: arithmetic
    ).bracket()
  }

  /// Both ends have the published digits; what holds for every engine is weaker by its sums' roundings.
  @Test(arguments: [
    Case(isPooled: true, target: 1, distortion: 0.06688736, proved: 0.999_9, found: 1.000_006),
    Case(isPooled: true, target: 2, distortion: 0.427_058_4, proved: 0, found: 1.000_001),
    Case(isPooled: false, target: 0, distortion: 0.08112308, proved: 0.999_9, found: 1.000_006),
    Case(isPooled: false, target: 1, distortion: 0.3622567, proved: 0.999_9, found: 1.000_006),
  ])
  func publishedDistortionsAreReproduced(_ item: Case) throws {
    let exact = try Self.bracket(item, norm: .linf, .exact)
    #expect(exact.ending == .closed, "\(exact)")
    // The published figures have seven digits.
    #expect(exact.lower >= item.distortion * (1 - 1e-6) - 5e-9, "\(exact)")
    let upper = try #require(exact.upper)
    #expect(exact.lower <= upper && upper <= item.distortion * (1 + 1e-6) + 5e-8, "\(exact)")
    guard item.proved > 0 else { return }
    let any = try Self.bracket(item, norm: .linf, .anyFloat)
    #expect(any.lower >= item.distortion * item.proved, "\(any)")
    #expect(any.lower <= exact.upper ?? 0)
    #expect(any.upper ?? 0 <= item.distortion * item.found, "\(any)")
  }

  /// The sum of changes, of which one figure is published; the other is what HiGHS 1.12 finds for the same network
  /// written as a mixed-integer program.
  @Test(arguments: [
    Case(isPooled: true, target: 1, distortion: 0.918_763_8, proved: 0.999_5, found: 1.000_006),
    Case(isPooled: true, target: 2, distortion: 6.146_452_2, proved: 0.999_5, found: 1.000_02),
  ])
  func sumsOfChangesAreProved(_ item: Case) throws {
    let exact = try Self.bracket(item, norm: .l1, .exact)
    #expect(exact.ending == .closed, "\(exact)")
    #expect(exact.lower >= item.distortion * (1 - 1e-6) - 5e-8, "\(exact)")
    let upper = try #require(exact.upper)
    #expect(exact.lower <= upper && upper <= item.distortion * (1 + 1e-6) + 5e-8, "\(exact)")
    #expect(exact.nodes < 1_000, "\(exact)")
    let any = try Self.bracket(item, norm: .l1, .anyFloat)
    #expect(any.lower >= item.distortion * item.proved && any.lower <= upper, "\(any)")
    #expect(any.upper ?? .infinity <= item.distortion * item.found, "\(any)")
  }
}
