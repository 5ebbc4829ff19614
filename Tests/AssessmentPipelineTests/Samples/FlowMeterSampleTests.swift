import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import ModelTesting
import Provenance
import Testing
import ThreatKnowledge
import ThreatLanguage

/// `samples/flow-meter`: drawn with icon libraries; HART, LoRaWAN, a recurrent leak detector and an int8 compensation.
@Suite struct FlowMeterSampleTests {
  private static let sample = Result { try SampleFolder("flow-meter") }
  private static let result = Result { try sample.get().assess() }

  @Test func eachFrontReachesWhatItShould() throws {
    ExpectedReach.check(
      [
        ExpectedReach(
          "leak-missed", network: true, sensor: true,
          because: "the connector under the lid replaces the model; sound on the pipe misleads it"),
        ExpectedReach(
          "detector-decays", network: false, sensor: true,
          because: "fouling does it, and no monitor is drawn that a network could silence"),
        ExpectedReach(
          "valve-slams", network: true, sensor: true,
          because: "the router leads to the PLC; the 4-20 mA loop carries a bent flow to it"),
        ExpectedReach(
          "main-bursts", network: true, sensor: true, because: "a slammed valve is enough"),
        ExpectedReach(
          "false-picture", network: true, sensor: true,
          because: "telemetry has no authentication, and a bent reading is a reading to SCADA"),
        ExpectedReach(
          "blind-control-room", network: true, sensor: true,
          because: "the router can be flooded; the loop can be cut in its open duct"),
        ExpectedReach(
          "model-copied", network: true, sensor: false,
          because: "a file is read by programs, not by a hand on the pipe"),
        ExpectedReach(
          "no-record", network: true, sensor: false,
          because: "the memory belongs to the meter; nobody on the pipe can silence the converter"),
      ], against: try Self.result.get())
  }

  @Test func protocolsAreRecognisedAsDrawnOrSaid() throws {
    let types = try Self.result.get().typesOfFlows
    for (name, type) in [
      ("Alarm rules → HART multiplexer", "HartFlow"),
      ("HART communicator → Flow-meter LM-4", "HartFlow"),
      ("Alarm rules → LoRaWAN gateway", "LorawanFlow"),
      ("Output stage → Pump station PLC", "AnalogFlow"),
      ("Pump station PLC → Booster pump", "Rs485Flow"),
      ("LoRaWAN gateway → LoRaWAN network server", "MqttFlow"),
      ("Cellular router → SCADA server", "Iec104Flow"),
      ("Meter data store → SCADA server", "OpcUaFlow"),
      // Said in the product file.
      ("Pump station PLC → Cellular router", "ModbusFlow"),
      ("Device manager PC → HART multiplexer", "NetworkFlow"),
      ("Update service → Update agent", "LorawanFlow"),
      ("Pump station PLC → Isolation valve", "AnalogFlow"),
      // Nothing is said of what runs inside the meter.
      ("Converter → Signal conditioning", "DataFlow"),
    ] { #expect(types[name] == type, "\(name)") }
    // Relations carry no data.
    #expect(types["Leak model file → Leak detector GRU"] == nil)
    #expect(types["Release key → Update agent"] == nil)
  }

  @Test func gapsAreFindings() throws {
    let result = try Self.result.get()
    #expect(!result.findingIDs.contains { $0.hasPrefix("not-tested/") })
    #expect(result.findingIDs.contains("drawing/lm4-overview/f-export"))
    #expect(result.findingIDs.contains("drawing/lm4-overview/grey"))
    #expect(
      result.architecture.components.filter { $0.kind == .unknown }.map(\.name) == ["Grey box"])
  }

  @Test func bothModelsOfTheMeterAreTested() throws {
    let result = try Self.result.get()
    #expect(result.models.map(\.id) == ["leak-watch", "pressure-comp"])
    for model in result.models {
      let run = try #require(model.run)
      #expect(run.attackers.map(\.attacker.front) == [.sensor, .network])
      #expect(!run.faults.isEmpty && run.noise != nil)
      #expect(model.tests.filter { !$0.isOverStreams }.map(\.step) == DemonstratedStep.allCases)
    }
  }

  /// What an attacker does to whole streams is a test, a finding and a record, and leaves the graph alone.
  @Test func streamsOfTheLeakDetectorAreTestedBesideItsWindows() throws {
    let result = try Self.result.get()
    let streamed = result.models[0].tests.filter(\.isOverStreams)
    #expect(
      streamed.map(\.id) == [
        "leak-watch/streams/evadeBySensor", "leak-watch/streams/evadeByNetwork",
      ])
    #expect(streamed.allSatisfy { $0.measurement == nil && $0.attacker?.causal != nil })
    #expect(streamed.allSatisfy { result.findingIDs.contains($0.id) })
    #expect(result.models[1].tests.allSatisfy { !$0.isOverStreams })
    #expect(result.sources.contains { $0.name.hasSuffix("leak-watch/streams.npz") })
    #expect(
      result.models[0].lineage.contains {
        $0.status == .verified && $0.value.contains("streams.npz")
      })
  }

  @Test func aRefutedPropertyIsAFinding() throws {
    #expect(try !Self.result.get().findingIDs.contains { $0.contains("/property/") })
    var sample = try Self.sample.get()
    let path = "../../models/pressure-comp/test-plan.yaml"
    let plan = try #require(sample.documents[path])
    let text = String(decoding: plan.bytes, as: UTF8.self)
    let wrong = text.replacing("rises_with: bridge voltage", with: "falls_with: bridge voltage")
    #expect(wrong != text)
    sample.documents[path] = InputDocument(name: plan.name, bytes: Array(wrong.utf8))
    let result = try sample.assess()
    let id = "pressure-comp/property/pressure-rises-with-the-bridge"
    let finding = try #require(result.findings.first { $0.id == id })
    #expect(finding.severity == .high && finding.verdict == .provenByTest)
    #expect(finding.kind == .modelTest && finding.statement.contains("falls with bridge voltage"))
    let record = try #require(result.models[1].propertyRecord)
    #expect(finding.evidence.contains { $0.role == .testRun && $0.record == record })
    let ledger = String(decoding: result.ledger.jsonLines, as: UTF8.self)
    #expect(ledger.contains("pressure-comp/properties"))
  }

  @Test func claimsAndEvidenceStayApart() throws {
    let defenses = try Self.result.get().defenses
    let supported = defenses.filter { $0.state == .supported }.map {
      "\($0.assetName):\($0.claim.name)"
    }
    #expect(
      supported == [
        "Pressure cell:calibration", "Leak model file:artefactSignature",
        "Update agent:imageSignature", "Conduit through Firewall:boundaryProtection",
      ])
    #expect(defenses.count > 2 * supported.count)
  }

  @Test func widthDoesNotChangeAnything() throws {
    let one = try Self.sample.get().assess(jobs: 1)
    let two = try Self.result.get()
    #expect(one.root == two.root)
    #expect(one.ledger.jsonLines == two.ledger.jsonLines)
  }
}
