import AdversarialTesting
import EngineSupport
import NeuralRuntime
import ONNXFormat
import TensorCore
import Testing

/// Fault certificates against closed forms and against faults tried one by one.
@Suite struct FaultCertificationTests {
  private static let seed: UInt64 = 71
  private typealias Models = CertificateModels

  private static func limits(
    _ shape: [Int], low: Double = -100, high: Double = 100
  ) throws -> PhysicalLimits {
    try PhysicalLimits(
      shape: shape, low: [low], high: [high],
      scaling: PhysicalLimits.Scaling(unitsPerTensorUnit: 2))
  }

  /// With a linear model every scale is a quotient of a margin and a slope.
  @Test func linearModelsMeetTheClosedForm() throws {
    // The output is the mean of four readings; it may move by 0.25 (0.5 units).
    let model = Models.linear([[0.25, 0.25, 0.25, 0.25]], [0], sample: [1, 4])
    let window: [Float] = [1, 2, 3, 4]
    // One unit moves the mean by 1/2; the ramp's mean is 0.625; the mean reading is 2.5; one period late the
    // window reads 1 1 2 3, whose mean is 1.75.
    let cases: [(ParametricFault.Kind, Double, Double, Double)] = [
      (.offset, -2, 1, 0.25), (.drift, -1, 2, 0.4), (.gain, -0.2, 0.2, 0.5),
      (.delay, 0, 2, 1.0 / 6),
    ]
    for (kind, least, most, expected) in cases {
      let fault = try ParametricFault(
        [ParametricFault.Parameter(kind, least: least, most: most)], timeAxis: 1, channelAxis: 0)
      let certificate = try FaultCertification(
        model, fault: fault, limits: Self.limits([1, 4]), goal: .deviation(tolerance: 0.25)
      ).certificate(of: window, label: 0)
      let name = kind.rawValue
      #expect(certificate.isExact, "\(name): \(certificate)")
      #expect(certificate.certifiedScale <= expected * (1 + 1e-6), "\(name): \(certificate)")
      #expect(certificate.certifiedScale >= expected * 0.999 - 1e-6, "\(name): \(certificate)")
      let refutation = try #require(certificate.refutation)
      #expect(abs(refutation.scale - expected) <= 1e-3 * expected, "\(name): \(certificate)")
      #expect(fault.scale(of: refutation.values) == refutation.scale)
    }
  }

  /// Two parameters together: the box that is proved has the scale at which the worst corner refutes.
  @Test func boxesOfTwoParametersMeetTheClosedForm() throws {
    let model = Models.linear([[0.25, 0.25, 0.25, 0.25]], [0], sample: [4])
    let fault = try ParametricFault(
      [
        ParametricFault.Parameter(.offset, least: -1, most: 1),
        ParametricFault.Parameter(.gain, least: -0.1, most: 0.1),
      ], timeAxis: 0)
    let certificate = try FaultCertification(
      model, fault: fault, limits: Self.limits([4]), goal: .deviation(tolerance: 0.25)
    ).certificate(of: [1, 2, 3, 4], label: 0)
    // At scale s the mean moves by 0.5 s + 0.25 s.
    #expect(certificate.isExact && abs(certificate.certifiedScale - 1.0 / 3) < 1e-3)
    let box = certificate.certifiedBox(of: fault)
    #expect(abs(box[0].upperBound - 1.0 / 3) < 1e-3 && abs(box[1].lowerBound + 0.1 / 3) < 1e-4)
    // The strip |0.5 a + 0.25 b| < 0.25 is half of the square of scales.
    #expect(certificate.provedShare > 0.47 && certificate.provedShare <= 0.5)
    #expect(certificate.refutedShare > 0.44 && certificate.refutedShare <= 0.5)
    #expect(certificate.unknownShare < 0.1)
  }

  private static let families: [[ParametricFault.Parameter]] = [
    [
      ParametricFault.Parameter(.offset, least: -2, most: 2),
      ParametricFault.Parameter(.gain, least: -0.5, most: 0.5),
    ],
    [
      ParametricFault.Parameter(.delay, least: 0, most: 2),
      ParametricFault.Parameter(.drift, least: -2, most: 1),
    ],
    [
      ParametricFault.Parameter(.delay, least: 0, most: 1.5),
      ParametricFault.Parameter(.gain, least: -0.5, most: 0.5),
    ],
    [
      ParametricFault.Parameter(.gain, least: -0.3, most: 0.3),
      ParametricFault.Parameter(.drift, least: -1, most: 2),
    ],
  ]

  /// Faults on a grid: none inside the proved box reaches the goal.
  @Test(arguments: ["dense", "convolutional", "recurrent"])
  func faultsTriedOneByOneNeverContradict(_ name: String) throws {
    var refuted = 0
    for index in 0..<4 {
      var random = SeededRandom(seed: Self.seed).stream(named: name, index)
      let model: ONNXModel
      let axes: (time: Int, channel: Int)
      let shape: [Int]
      switch name {
      case "dense":
        (model, axes, shape) = (
          Models.dense([12, 10, 8, 3], seed: UInt64(index), sample: [2, 6], scale: 0.6), (1, 0),
          [2, 6]
        )
      case "convolutional":
        (model, axes, shape) = (
          Models.convolutional(channels: 2, instants: 6, outputs: 3, seed: UInt64(index)), (1, 0),
          [2, 6]
        )
      default:
        (model, axes, shape) = (
          Models.recurrent(channels: 2, instants: 6, outputs: 3, seed: UInt64(index)), (0, 1),
          [6, 2]
        )
      }
      let network = try Models.network(model)
      let history = 2
      let recording = Models.random(16, 1, &random)
      let isChannelFirst = axes.channel == 0
      var window: [Float] = []
      for element in 0..<12 {
        let place = isChannelFirst ? element / 6 * 8 + 2 + element % 6 : element + 4
        window.append(recording[place])
      }
      let kinds = Self.families[index]
      let fault = try ParametricFault(
        kinds, timeAxis: axes.time, channelAxis: axes.channel, channels: index % 2 == 0 ? [1] : nil,
        onset: index)
      let limits = try Self.limits(shape, low: -2.5, high: 2.5)
      let clean = try network.outputs(for: Tensor(shape: [1] + shape, elements: window)).elements
      let label = try #require((0..<3).max { clean[$0] < clean[$1] })
      let certificate = try FaultCertification(
        model, fault: fault, limits: limits,
        effort: FaultEffort(boxes: name == "recurrent" ? 300 : 3_000, volumeBoxes: 200)
      ).certificate(of: recording, history: history, label: label)
      let note = "\(name) \(index), seed \(Self.seed): \(certificate)"
      #expect(certificate.certifiedScale > 0, "\(note)")
      if name != "recurrent" { #expect(certificate.isExact, "\(note)") }
      #expect(certificate.provedShare + certificate.refutedShare <= 1 + 1e-9, "\(note)")
      if let refutation = certificate.refutation {
        refuted += 1
        #expect(refutation.scale >= certificate.certifiedScale, "\(note)")
        let scores = try network.outputs(
          for: Tensor(shape: [1] + shape, elements: refutation.reading)
        ).elements
        #expect(scores.contains { $0 > scores[label] }, "\(note)")
      }
      let slow = SlowFault(
        fault: kinds, recording: recording, shape: shape, history: history,
        isChannelFirst: isChannelFirst, channels: index % 2 == 0 ? [1] : [0, 1], onset: index)
      let box = certificate.certifiedBox(of: fault)
      let side = 41
      var readings: [Float] = []
      for place in 0..<side * side {
        let steps = [place % side, place / side]
        var values: [Double] = []
        for (range, step) in zip(box, steps) {
          let width = range.upperBound - range.lowerBound
          values.append((range.lowerBound + width * Double(step) / 40) * (1 - 1e-9))
        }
        readings += slow.window(values)
      }
      let scores = try network.outputs(
        for: Tensor(shape: [side * side] + shape, elements: readings)
      ).elements
      var kept = 0
      for start in stride(from: 0, to: scores.count, by: 3) {
        if (0..<3).allSatisfy({ scores[start + $0] <= scores[start + label] }) { kept += 1 }
      }
      #expect(kept == side * side, "\(note)")
    }
    #expect(refuted > 0)
  }

  /// A reading stops at the end of the sensor's range, so that a large offset does no more than a small one.
  @Test func readingsSaturate() throws {
    let model = Models.linear([[1, 1]], [0], sample: [2])
    let fault = try ParametricFault(
      [ParametricFault.Parameter(.offset, least: 0, most: 100)], timeAxis: 0)
    let limits = try Self.limits([2], low: 0, high: 8)
    func certificate(_ tolerance: Double) throws -> FaultCertificate {
      try FaultCertification(
        model, fault: fault, limits: limits, goal: .deviation(tolerance: tolerance)
      ).certificate(of: [3, 3.5], label: 0)
    }
    // Both readings reach 4 at most: the sum rises by 1.5.
    let safe = try certificate(1.6)
    #expect(safe.certifiedScale == 1 && safe.refutation == nil, "\(safe)")
    #expect(safe.provedShare == 1, "\(safe)")
    let broken = try certificate(1.25)
    // 0.5 of the second, then 0.75 of the first: 1.5 units.
    #expect(broken.isExact && abs(broken.certifiedScale - 0.015) < 2e-5)
  }

  /// A snapshot has no time: it can be off or scaled, and neither drifts nor is late.
  @Test func snapshotsMeetTheClosedForm() throws {
    let model = Models.linear([[1, 4]], [0], sample: [2])
    typealias Parameter = ParametricFault.Parameter
    let fault = try ParametricFault(
      [Parameter(.offset, least: -1, most: 1), Parameter(.gain, least: -0.5, most: 0.5)],
      timeAxis: nil, channelAxis: 0, channels: [1])
    let certification = try FaultCertification(
      model, fault: fault, limits: Self.limits([2]), goal: .deviation(tolerance: 1))
    try certification.check()
    // At scale s the second reading, 2 with 2 units to one, moves by s/2 and by s; four times that is the output.
    let certificate = try certification.certificate(of: [5, 2], label: 0)
    #expect(certificate.isExact && abs(certificate.certifiedScale - 1.0 / 6) < 1e-3)
    #expect(certificate.refutation?.reading.first == 5)
    for kind in [ParametricFault.Kind.drift, .delay] {
      #expect(throws: Diagnostic.self) {
        try ParametricFault([Parameter(kind, least: 0, most: 1)], timeAxis: nil)
      }
    }
    #expect(throws: Diagnostic.self) {
      try certification.certificate(of: [5, 2, 5, 2], history: 1, label: 0)
    }
  }

  @Test func wrongFaultsAreRefused() throws {
    typealias Parameter = ParametricFault.Parameter
    func code(_ parameters: [Parameter]) -> String? {
      let error = #expect(throws: Diagnostic.self) {
        try ParametricFault(parameters, timeAxis: 0)
      }
      return error?.code.name
    }
    #expect(code([]) == "test.fault.parameters")
    #expect(code([Parameter(.offset, least: 1, most: 2)]) == "test.fault.parameters")
    #expect(code([Parameter(.delay, least: -1, most: 1)]) == "test.fault.parameters")
    #expect(code([Parameter(.gain, least: 0, most: .infinity)]) == "test.fault.parameters")
    #expect(code([Parameter(.offset, least: -.nan, most: 1)]) == "test.fault.parameters")
    #expect(code([Parameter(.offset, least: 0, most: 1e300)]) == "test.fault.parameters")
    let twice = [Parameter(.gain, least: 0, most: 1), Parameter(.gain, least: 0, most: 2)]
    #expect(code(twice) == "test.fault.parameters")
    let model = Models.linear([[1, 1], [0, 1]], [0, 0], sample: [2])
    let limits = try Self.limits([2])
    let fault = try ParametricFault([Parameter(.gain, least: 0, most: 1)], timeAxis: 1)
    #expect(throws: Diagnostic.self) {
      try FaultCertification(model, fault: fault, limits: limits)
    }
    let usable = try FaultCertification(
      model, fault: ParametricFault([Parameter(.gain, least: 0, most: 1)], timeAxis: 0),
      limits: limits)
    #expect(throws: Diagnostic.self) { try usable.certificate(of: [1], label: 0) }
    #expect(throws: Diagnostic.self) { try usable.certificate(of: [1, .nan], label: 0) }
    #expect(throws: Diagnostic.self) { try usable.certificate(of: [1, 1], label: 2) }
    // One unit is more than the greatest number of the tensor.
    let tiny = try PhysicalLimits(
      shape: [2], low: [0], high: [1e-39],
      scaling: PhysicalLimits.Scaling(unitsPerTensorUnit: 1e-39))
    let offset = try ParametricFault([Parameter(.offset, least: 0, most: 1)], timeAxis: 0)
    let unfit = try FaultCertification(model, fault: offset, limits: tiny)
    let error = #expect(throws: Diagnostic.self) { try unfit.certificate(of: [1, 1], label: 0) }
    #expect(error?.code == "test.limits.scaling")
    // What is wrong without any fault is refuted by none.
    let wrong = try usable.certificate(of: [0, 1], label: 0)
    #expect(wrong.refutation == nil && wrong.certifiedScale < 1e-3)
    let clearlyWrong = try usable.certificate(of: [-1, 1], label: 0)
    #expect(clearlyWrong.refutation?.scale == 0 && clearlyWrong.certifiedScale == 0)
  }
}

/// A fault on a window, written down a second time: what the certificate is held against.
private struct SlowFault {
  let fault: [ParametricFault.Parameter]
  let recording: [Float]
  let shape: [Int]
  let history: Int
  let isChannelFirst: Bool
  let channels: [Int]
  let onset: Int

  func window(_ values: [Double]) -> [Float] {
    let instants = shape[isChannelFirst ? 1 : 0]
    let count = shape[isChannelFirst ? 0 : 1]
    func value(_ kind: ParametricFault.Kind) -> Double {
      zip(fault, values).first { $0.0.kind == kind }?.1 ?? 0
    }
    func recorded(_ channel: Int, _ time: Int) -> Double {
      let time = min(max(time + history, 0), instants + history - 1)
      let place = isChannelFirst ? channel * (instants + history) + time : time * count + channel
      return Double(recording[place])
    }
    var result = [Float](repeating: 0, count: instants * count)
    for channel in 0..<count {
      for time in 0..<instants {
        var reading = recorded(channel, time)
        if time >= onset, channels.contains(channel) {
          let moment = Double(time) - value(.delay)
          let before = Int(moment.rounded(.down))
          let share = moment - Double(before)
          reading = recorded(channel, before) * (1 - share) + recorded(channel, before + 1) * share
          // One tensor unit is two units; the zero point is 0.
          reading *= 1 + value(.gain)
          reading += value(.offset) / 2
          reading += value(.drift) / 2 * Double(time - onset + 1) / Double(instants - onset)
          reading = min(max(reading, -1.25), 1.25)
        }
        let place = isChannelFirst ? channel * instants + time : time * count + channel
        result[place] = Float(reading)
      }
    }
    return result
  }
}
