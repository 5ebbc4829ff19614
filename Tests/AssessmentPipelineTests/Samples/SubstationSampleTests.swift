import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Provenance
import Testing
import ThreatKnowledge
import ThreatLanguage

/// `samples/substation`: plain boxes; IEC 61850 inside the station and IEC 60870-5-104 to the control centre.
@Suite struct SubstationSampleTests {
  private static let sample = Result { try SampleFolder("substation") }
  private static let result = Result { try sample.get().assess() }

  @Test func eachFrontReachesWhatItShould() throws {
    ExpectedReach.check(
      [
        ExpectedReach(
          "fault-not-cleared", network: true, sensor: true,
          because: "F1 can be flooded or changed; behind a saturated transformer it sees no fault"),
        ExpectedReach(
          "feeder-switched-off", network: true, sensor: true,
          because: "GOOSE has no authentication; a bent current or time looks like a fault to F1"),
        ExpectedReach(
          "breaker-does-not-follow", network: true, sensor: true,
          because: "the switch carries all commands; without samples F1 blocks itself"),
        ExpectedReach(
          "transformer-destroyed", network: true, sensor: true,
          because: "wrong switching destroys, whoever is behind it"),
        ExpectedReach(
          "people-at-the-line", network: true, sensor: true,
          because: "F1 and F2 look at one merging unit, so what deceives it deceives both"),
        ExpectedReach(
          "false-alarm-or-none", network: true, sensor: true,
          because: "sampled values can be forged on the bus and bent before it"),
        ExpectedReach(
          "detector-decays", network: false, sensor: true,
          because: "the grid changes by itself, and no monitor is drawn that could be silenced"),
        ExpectedReach(
          "false-grid-state", network: true, sensor: true,
          because: "an intruder at the desk bends values and estimate alike; a bent value may pass"),
        ExpectedReach(
          "blind-dispatchers", network: true, sensor: true,
          because: "the gateway can be stopped; a cut secondary wire silences the bay"),
        ExpectedReach(
          "no-record-of-the-fault", network: true, sensor: true,
          because: "nothing is decided, and so nothing recorded, when no samples come"),
      ], against: try Self.result.get())
  }

  @Test func forgedGooseAndSampledValuesReachTheBreaker() throws {
    let graph = try Self.sample.get().graph()
    let breaker = "Circuit breaker Q0:unsafeSetPoint"
    for flow in ["Process bus switch → Breaker controller", "Merging unit MU1 → Protection IED F1"]
    {
      #expect(try graph.leads(from: "\(flow):addressable", to: breaker), "\(flow)")
    }
    // Whoever opens the cubicle of the process bus can write GOOSE.
    #expect(
      try graph.leads(
        from: "Process bus switch:handleDevice",
        to: "Process bus switch → Breaker controller:forged"))
    // A trip is no way around the check: samples alone never write on the coil's wire.
    #expect(
      try !graph.leads(
        from: "Merging unit MU1 → Protection IED F1:bent",
        to: "Protection IED F1 → Circuit breaker Q0:bent"))
  }

  @Test func authenticatedGooseCannotBeInjected() throws {
    var sample = try Self.sample.get()
    let text = String(decoding: sample.product.bytes, as: UTF8.self)
    let flow = "Process bus switch → Breaker controller"
    sample.product.bytes = Array(
      text.replacing(
        "\nflows:\n",
        with: """

          flows:
            - drawn: \(flow)
              defences:
                - name: messageAuthentication
                  in_place: 1
                  reason: IEC 62351-6 in this test.

          """
      ).utf8)
    let graph = try sample.graph()
    #expect(try !graph.leads(from: "\(flow):addressable", to: "\(flow):forged"))
    #expect(try graph.leads(from: "\(flow):onPath", to: "\(flow):forged"), "replay is left")
  }

  @Test func theDetectorCanBlockTheProtection() throws {
    let graph = try Self.sample.get().graph()
    #expect(
      try graph.leads(
        from: "Bad-data detector:wrongDecision", to: "Protection IED F1:lossOfProtection"))
  }

  @Test func protocolsAreRecognisedAsDrawnOrSaid() throws {
    let result = try Self.result.get()
    let types = result.typesOfFlows
    for (name, type) in [
      ("Merging unit MU1 → Protection IED F1", "SampledValuesFlow"),
      ("Merging unit MU1 → Backup protection F2", "SampledValuesFlow"),
      ("Protection IED F1 → Process bus switch", "GooseFlow"),
      ("Process bus switch → Breaker controller", "GooseFlow"),
      ("Protection IED F1 → Station switch", "MmsFlow"),
      ("Engineering PC → Protection IED F1", "MmsFlow"),
      ("Telecontrol gateway → Control centre SCADA", "Iec104Flow"),
      ("Telecontrol gateway → Control centre SCADA (2)", "Iec104Flow"),
      ("Service laptop → Engineering PC", "RemoteDesktopFlow"),
      ("Current transformer T1 → Merging unit MU1", "AnalogFlow"),
      ("GNSS clock → Merging unit MU1", "NetworkFlow"),
    ] { #expect(types[name] == type, "\(name)") }
    let model = result.bound.model
    let compared = model.links.filter { $0.association == "ComparesWith" }.map {
      "\(model.assets[$0.left].name): \(model.assets[$0.right].name)"
    }
    #expect(
      Set(compared) == [
        "Control centre SCADA: State estimator → Control centre SCADA",
        "Control centre SCADA: Telecontrol gateway → Control centre SCADA (2)",
      ])
  }

  @Test func plainRectanglesAreZonesAndTheRelayIsADevice() throws {
    let architecture = try Self.result.get().architecture
    let relay = try architecture.component(called: "Protection IED F1", at: nil)
    let inside = architecture.components.filter { $0.enclosure == relay }.map(\.name)
    #expect(
      Set(inside) == [
        "Phasor estimation", "Bad-data detector", "Detector parameters", "Front port",
        "Event record", "Trip blocking",
      ])
    let bay = try #require(architecture.components[relay].zone)
    #expect(architecture.zones[bay].name == "BAY E01")
    #expect(architecture.zones.count == 6)
  }

  @Test func gapsAreFindings() throws {
    let findings = try Self.result.get().findingIDs
    #expect(findings.contains("not-tested/bad-data-detector"))
    #expect(findings.count { $0.hasPrefix("drawing/") } == 2)
  }

  @Test func widthDoesNotChangeAnything() throws {
    let one = try Self.sample.get().assess(jobs: 1)
    let two = try Self.result.get()
    #expect(one.root == two.root)
    #expect(one.ledger.jsonLines == two.ledger.jsonLines)
  }
}
