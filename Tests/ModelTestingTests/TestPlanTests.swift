import AdversarialTesting
import EngineSupport
import Foundation
import ModelTesting
import Testing

/// Test plans as people write them: what is read, and what is refused with its place.
@Suite struct TestPlanTests {
  static let text = """
    format: 1
    title: Two channels over four instants
    model:
      task: classification
      classes: [quiet, alarm]
      quiet_class: quiet
    input:
      tensor: signals
      layout: [time, channel]
      channels:
        - {name: flow, unit: m³/h, range: [-10, 10], least_significant_bit: 0.5, noise: 0.25, slew: 3}
        - {name: pressure, unit: bar, range: [0, 4], least_significant_bit: 0.125, noise: 0.0625}
      laws:
        balances:
          - terms:
              - {channel: flow, coefficient: 1}
              - {channel: pressure, coefficient: -2}
            tolerance: 5
    data:
      file: eval.npz
      inputs: signals
      labels: labels
      sample: {size: 20, seed: 7}
    attackers:
      - front: sensor
        writes: [pressure]
        budgets: [0.125, 0.25]
        chosen: 0.25
        reason: what a tap in the impulse line does
      - front: network
        knowledge: scores
        measured_in: noise
        budgets: [1, 2, 4]
        chosen: 2
        reason: whoever owns the meter
        attacks:
          - square
          - {attack: nes, queries: 500}
        acceptance: {largest_rate: 0.1, reason: the plant's own limit}
    noise: {draws: 50, reason: the data sheet}
    faults: {channels: [flow], onset: 1, reason: a fouled transducer}
    fault_certificates:
      - {channels: [pressure], offset: [-0.25, 0.5], delay: [0, 2], onset: 1, samples: 7, reason: the cell}
    properties:
      - {name: no calm fall, falls_with: flow, output: alarm, tolerance: 0.5, reason: by design}
      - name: no false alarm
        where: [{channel: flow, range: [-1, 1]}]
        then: {class: quiet}
        reason: nothing flows
    """

  static func plan(
    replacing old: String = "", with new: String = "", and other: String = "",
    with another: String = ""
  ) throws -> (plan: TestPlan, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    var changed = old.isEmpty ? text : text.replacingOccurrences(of: old, with: new)
    if !other.isEmpty { changed = changed.replacingOccurrences(of: other, with: another) }
    let plan = try TestPlan(
      reading: InputDocument(name: "test-plan.yaml", bytes: Array(changed.utf8)),
      reportingTo: &diagnostics)
    return (plan, diagnostics)
  }

  @Test func everyEntryIsRead() throws {
    let (plan, diagnostics) = try Self.plan()
    #expect(diagnostics.all.isEmpty)
    #expect(plan.task == .classification(classes: ["quiet", "alarm"], quiet: 0))
    #expect(plan.input.channels.map(\.name) == ["flow", "pressure"])
    #expect(plan.input.channels[0].slew == 3)
    #expect(plan.input.balances[0].terms.map(\.coefficient) == [1, -2])
    #expect(plan.data.rule == .count(20))
    #expect(plan.attackers.map(\.front) == [.sensor, .network])
    #expect(plan.attackers[0].writes == [1])
    #expect(plan.unit(of: plan.attackers[0]) == "bar")
    #expect(plan.unit(of: plan.attackers[1]) == "× noise at rest")
    let attacks = try #require(plan.attackers[1].attacks)
    #expect(attacks[0] == (try AttackPlan(SquareAttack())))
    #expect(
      attacks[1]
        == (try AttackPlan(NaturalEvolution(queries: 500, pairs: 25, smoothing: 0.2))))
    #expect(plan.attackers[1].acceptance?.largestRate == 0.1)
    #expect(plan.faults?.channels == [0])
    let fault = try #require(plan.faultCertificates.first)
    #expect(fault.channels == [1] && fault.onset == 1 && fault.samples == 7)
    #expect(
      fault.parameters == [
        ParametricFault.Parameter(.offset, least: -0.25, most: 0.5),
        ParametricFault.Parameter(.delay, least: 0, most: 2),
      ])
    #expect(plan.unit(of: .offset, in: fault) == "bar")
    let ofFront = try Self.plan(
      replacing: "channels: [pressure], offset", with: "front: sensor, offset"
    )
    .plan.faultCertificates[0]
    #expect(ofFront.front == .sensor && ofFront.channels == [1] && fault.front == nil)
    #expect(
      plan.properties.map(\.claim) == [
        .monotone(channel: 0, direction: .falling, output: 1, tolerance: 0.5),
        .conditional(.label(0)),
      ])
    #expect(plan.properties[1].ranges.map(\.range) == [-1...1])
    #expect(plan.claim(of: plan.properties[0]) == "the score of alarm falls with flow, but for 0.5")
    #expect(plan.place(of: plan.properties[1]) == "flow from -1 to 1 m³/h")
  }

  @Test(arguments: [
    ("title: Two", "titel: Two", "plan.key.missing"),
    ("tensor: signals", "tensor: [signals]", "plan.value.wrong"),
    ("[-10, 10]", "[10, -10]", "plan.range.inverted"),
    ("writes: [pressure]", "writes: [presure]", "plan.value.wrong"),
    ("front: network", "front: sensor", "plan.attacker.duplicate"),
    ("chosen: 0.25", "chosen: 0.3", "plan.value.wrong"),
    ("budgets: [0.125, 0.25]", "budgets: [0.25, 0.125]", "plan.value.wrong"),
    ("measured_in: noise", "measured_in: unit", "plan.value.wrong"),
    ("- square", "- projected-gradient-descent", "plan.value.wrong"),
    ("queries: 500", "queries: many", "plan.value.wrong"),
    ("queries: 500", "queries: 0", "test.attack.parameters"),
    ("[time, channel]", "[time, time]", "plan.value.wrong"),
    ("coefficient: -2", "coefficient: 0", "plan.value.wrong"),
    ("quiet_class: quiet", "quiet_class: calm", "plan.value.wrong"),
    ("size: 20", "size: 0", "plan.value.wrong"),
    ("format: 1", "format: 2", "plan.value.wrong"),
    ("offset: [-0.25, 0.5], delay: [0, 2],", "", "plan.value.wrong"),
    ("offset: [-0.25, 0.5]", "offset: [0.25, 0.5]", "plan.value.wrong"),
    ("offset: [-0.25, 0.5]", "offset: [0.5, -0.25]", "plan.value.wrong"),
    ("delay: [0, 2]", "delay: [-1, 2]", "plan.value.wrong"),
    ("delay: [0, 2]", "delay: [0, 65]", "plan.value.wrong"),
    ("channels: [pressure], offset", "offset", "plan.value.wrong"),
    ("falls_with: flow", "falls_with: air", "plan.value.wrong"),
    ("falls_with: flow", "falls_with: flow, rises_with: flow", "plan.value.wrong"),
    ("falls_with: flow, output: alarm, tolerance: 0.5,", "", "plan.value.wrong"),
    ("tolerance: 0.5, reason", "tolerance: 0, reason", "plan.value.wrong"),
    ("output: alarm", "output: noise", "plan.value.wrong"),
    ("range: [-1, 1]", "range: [-1, 11]", "plan.value.wrong"),
    ("then: {class: quiet}", "then: {output: 1}", "plan.key.missing"),
    ("channels: [pressure], offset", "front: side, offset", "plan.value.wrong"),
    ("channels: [pressure], offset", "front: sensor, channels: [flow], offset", "plan.value.wrong"),
  ])
  func whatIsWrongIsSaidWithItsPlace(_ old: String, _ new: String, _ code: String) throws {
    let error = #expect(throws: Diagnostic.self) { try Self.plan(replacing: old, with: new) }
    #expect(error?.code.name == code)
    #expect(error?.location?.line != nil || code == "test.attack.parameters")
  }

  @Test func smoothingNeedsOneUnitAndClasses() throws {
    let section = "noise: {draws: 50, reason: the data sheet}"
    func read(_ smoothing: String, unit: String = "bar") throws -> TestPlan.SmoothingTest? {
      let text = Self.text.replacingOccurrences(of: "m³/h", with: unit)
        .replacingOccurrences(of: section, with: section + "\nsmoothing: {\(smoothing), reason: r}")
      var diagnostics = Diagnostics()
      return try TestPlan(
        reading: InputDocument(name: "test-plan.yaml", bytes: Array(text.utf8)),
        reportingTo: &diagnostics
      ).smoothing
    }
    let ladder = "deviations: [0.25, 0.5], radii: [0.5, 1]"
    let smoothing = try #require(try read(ladder + ", samples: 9"))
    #expect(smoothing.deviations == [0.25, 0.5] && smoothing.radii == [0.5, 1])
    #expect(smoothing.draws == 10_000 && smoothing.errorRate == 0.001 && smoothing.samples == 9)
    for (text, unit) in [
      (ladder, "m³/h"), (ladder + ", error_rate: 0.5", "bar"), (ladder + ", draws: 0", "bar"),
      ("deviations: [0.5, 0.25], radii: [1]", "bar"), ("deviations: [], radii: [1]", "bar"),
      ("deviations: [0], radii: [1]", "bar"),
    ] {
      let error = #expect(throws: Diagnostic.self) { try read(text, unit: unit) }
      #expect(error?.code.name == "plan.value.wrong" && error?.location?.line != nil, "\(text)")
    }
  }

  @Test func anUnknownKeyIsReported() throws {
    let (_, diagnostics) = try Self.plan(
      replacing: "queries: 500", with: "queries: 500, speed: 3")
    #expect(diagnostics.all.map(\.code.name) == ["plan.key.unknown"])
  }

  @Test func everyPrefixOfAPlanIsReadOrRefused() throws {
    let bytes = Array(Self.text.utf8)
    var refused = 0
    for length in stride(from: 0, to: bytes.count, by: 7) {
      var diagnostics = Diagnostics()
      do {
        _ = try TestPlan(
          reading: InputDocument(name: "test-plan.yaml", bytes: Array(bytes[..<length])),
          reportingTo: &diagnostics)
      } catch {
        #expect(error.location?.document == "test-plan.yaml")
        refused += 1
      }
    }
    #expect(refused > 100)
  }
}
