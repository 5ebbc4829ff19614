import ArchitectureModel
import AssessmentPipeline
import AttackGraphs
import EngineSupport
import Provenance
import Testing
import ThreatKnowledge
import ThreatLanguage

/// `samples/vision-cell`: Purdue levels as swimlanes in a compressed file; a camera inspects, a safety PLC guards.
@Suite struct VisionCellSampleTests {
  private static let sample = Result { try SampleFolder("vision-cell") }
  private static let result = Result { try sample.get().assess() }

  @Test func eachFrontReachesWhatItShould() throws {
    ExpectedReach.check(
      [
        ExpectedReach(
          "bad-part-passes", network: true, sensor: true,
          because: "the computer hangs outside the fence; a sticker or a light misleads the model"),
        ExpectedReach(
          "inspection-decays", network: false, sensor: true,
          because: "dirt and light do it; to hide it from the monitor is a second attack"),
        ExpectedReach(
          "robot-moves-wrongly", network: true, sensor: true,
          because: "the PLC acts on accept or reject, whoever is behind it"),
        ExpectedReach(
          "person-is-hit", network: true, sensor: false,
          because: "the safety PLC reads nothing from camera or cell; its program can be changed"),
        ExpectedReach(
          "safety-function-dead", network: true, sensor: false,
          because: "the engineering station can load its program; the camera cannot"),
        ExpectedReach(
          "line-stands", network: true, sensor: true,
          because: "a covered lens is enough to stop production"),
        ExpectedReach(
          "operators-misled", network: true, sensor: true,
          because: "the screen shows what the PLC believes"),
        ExpectedReach(
          "model-copied", network: true, sensor: false,
          because: "memory is read with a hand on the computer, not before the lens"),
        ExpectedReach(
          "images-disclosed", network: true, sensor: false,
          because: "pictures leave through the image server"),
        ExpectedReach(
          "recall-without-record", network: true, sensor: true,
          because: "nothing is recorded of workpieces that the camera did not see"),
      ], against: try Self.result.get())
  }

  @Test func theSafetyPLCStandsBetweenRobotAndHarm() throws {
    let sample = try Self.sample.get()
    let drawn = try sample.graph()
    let model = drawn.bound.model
    let guards = model.links.filter { $0.association == "Protects" }
    #expect(
      guards.map { "\(model.assets[$0.left].name) – \(model.assets[$0.right].name)" }
        == ["Safety PLC – Robot arm"])
    let harm = try #require(drawn.graph.step(named: "Robot arm:lossOfSafety"))
    let asDrawn = drawn.graph.reachability(of: harm, from: drawn.entries)
    #expect(asDrawn.fromNetwork && !asDrawn.fromSensor)

    // The same cell without the safety function: a sticker is enough.
    var unguarded = model
    unguarded.links.removeAll { $0.association == "Protects" }
    var diagnostics = Diagnostics()
    let graph = AttackGraph(
      drawn.graph.language, over: unguarded, measured: [], horizon: 30,
      reportingTo: &diagnostics)
    #expect(diagnostics.all.isEmpty)
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for (step, fronts) in drawn.entries {
      entries[try #require(graph.step(named: drawn.graph.name(of: step)))] = fronts
    }
    let loose = try #require(graph.step(named: "Robot arm:lossOfSafety"))
    #expect(graph.reachability(of: loose, from: entries).fromSensor)
  }

  @Test func aDeceivedCellDoesNotReachTheSafetyInputsButAnIntruderDoes() throws {
    let graph = try Self.sample.get().graph()
    for start in ["Cell PLC:useFalseInput", "Defect model:wrongDecision", "Camera:lineOfSight"] {
      #expect(try !graph.leads(from: start, to: "Safety PLC:receiveForged"), "\(start)")
      #expect(try !graph.leads(from: start, to: "Safety PLC:receiveBent"), "\(start)")
    }
    // On the cell's network anyone can speak the engineering protocol.
    for start in ["Cell PLC:compromise", "Engineering station:compromise"] {
      #expect(try graph.leads(from: start, to: "Safety PLC:lossOfProtection"), "\(start)")
    }
  }

  @Test func aPublishedBaseModelLeadsToTheInspectionComputer() throws {
    let graph = try Self.sample.get().graph()
    #expect(try graph.leads(from: "Public base model:published", to: "Defect model:wrongDecision"))
    #expect(
      try graph.leads(
        from: "Labelling contractor:hiredByAttacker", to: "Defect model:receivePoison"))
  }

  @Test func kindsAndProtocolsComeFromTheDrawingToo() throws {
    let result = try Self.result.get()
    let architecture = result.architecture
    for name in ["Camera", "Laser scanner", "Image store", "Cell HMI", "Model registry"] {
      let component = architecture.components[try architecture.component(called: name, at: nil)]
      #expect(component.basis == .drawnAttribute, "\(name)")
    }
    let types = result.typesOfFlows
    for (name, type) in [
      ("Cell PLC → Robot controller", "ProfinetFlow"),
      ("Safety PLC → Cell PLC", "ProfinetFlow"),
      ("Accept and reject rules → Cell PLC", "ProfinetFlow"),
      ("Model update service → Model agent", "HttpsFlow"),
      ("Cell PLC → Cell HMI", "OpcUaFlow"),
      ("Engineering station → Safety PLC", "S7commFlow"),
      ("Remote access → Engineering station", "RemoteDesktopFlow"),
      ("Camera → Pre-processing", "NetworkFlow"),
      ("Laser scanner → Safety PLC", "AnalogFlow"),
      ("Safety PLC → Robot arm", "DataFlow"),
    ] { #expect(types[name] == type, "\(name)") }
  }

  @Test func levelsAreZones() throws {
    let architecture = try Self.result.get().architecture
    #expect(
      architecture.zones.map(\.name) == [
        "Level 4 Enterprise", "Level 3.5 DMZ", "Level 3 Site", "Level 2 Cell supervision",
        "Level 1 Control", "Level 0 Process",
      ])
    #expect(architecture.conduits.map(\.name) == ["through DMZ firewall"])
  }

  @Test func gapsAreFindings() throws {
    let findings = try Self.result.get().findingIDs
    #expect(findings.contains("not-tested/defect-model"))
    #expect(findings.contains("drawing/Jt5mYw0kR2eLx8Qa/antenna"))
    #expect(findings.contains("drawing/Jt5mYw0kR2eLx8Qa/e35"))
  }

  @Test func widthDoesNotChangeAnything() throws {
    let one = try Self.sample.get().assess(jobs: 1)
    let two = try Self.result.get()
    #expect(one.root == two.root)
    #expect(one.ledger.jsonLines == two.ledger.jsonLines)
  }
}
