import AttackGraphs
import Testing
import ThreatKnowledge
import ThreatLanguage

/// What must not be found: learning where nothing learns, a plant where there is none, a way where every defence stands.
@Suite struct PrecisionTests {
  /// All that an attacker at every entry of the architecture can reach, without any defence that has to be put in place.
  private func reached(_ graph: AttackGraph) -> [AttackGraph.StepID] {
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for step in graph.steps.indices where graph.type(of: step).tags.contains("entry") {
      entries[step] = .both
    }
    let reached = graph.reachableSteps(from: entries, at: .both)
    return graph.steps.indices.filter {
      reached[$0] && (graph.kind(of: $0) == .or || graph.kind(of: $0) == .and)
    }
  }

  private func category(_ step: AttackGraph.StepID, in graph: AttackGraph) throws -> String {
    let name = graph.instance.assets[graph.asset(of: step)].type
    return try #require(graph.language.assetType(named: name)).category
  }

  private static let learning: Set<ConsequenceKind> = [
    .lossOfEvidence, .modelTheft, .privacyLoss, .silentDegradation, .trainingDataDisclosure,
    .wrongDecision,
  ]

  private func cites(_ step: StepType, _ families: [String]) -> Bool {
    step.meta.contains { families.contains($0.key) }
  }

  @Test(arguments: ReplayTests.campaigns)
  func aPlantWithoutLearningHasNoFindingOfLearning(_ replay: Replay) throws {
    let graph = try ArchitectureSketch(replay.architecture).graph()
    let steps = reached(graph)
    #expect(steps.count > 5)
    for step in steps {
      let type = graph.type(of: step)
      #expect(try category(step, in: graph) != "Brain", "\(graph.name(of: step))")
      #expect(
        !cites(type, ["atlas", "nist"]) || cites(type, ["attack", "cwe", "capec"]),
        "\(graph.name(of: step)) concerns learning alone")
      #expect(!Self.learning.map(\.step).contains(type.name), "\(graph.name(of: step))")
    }
  }

  /// A sensor that is read by a controller is deceived, and nothing learns.
  @Test func aSensorWithoutLearningHasNoFindingOfLearning() throws {
    let graph = try ArchitectureSketch(
      """
      pipe physical-quantity
      gauge process-transducer
      eye optical-sensor
      plc controller
      valve actuator
      pipe -> gauge
      pipe -> eye : light
      gauge -> plc : 4-20 mA
      eye -> plc : Ethernet
      plc -> valve
      """
    ).graph()
    let steps = reached(graph)
    #expect(steps.contains { graph.name(of: $0) == "valve:unsafeSetPoint" })
    for step in steps {
      let type = graph.type(of: step)
      #expect(
        !cites(type, ["atlas", "nist"]) || cites(type, ["attack", "cwe", "capec"]),
        "\(graph.name(of: step))")
    }
  }

  private static let shop = """
    zone internet
    zone backend
    browser workstation in internet
    balancer network-device
    wall firewall
    web application in backend
    orders application in backend
    database application in backend
    files cloud-service
    mail application in backend
    customer account
    library software-component in web
    wall -> internet
    wall -> backend
    customer -> web
    browser -> balancer : HTTPS
    balancer -> web : HTTP
    web -> orders : REST
    orders -> database : TCP
    web -> files : HTTPS
    orders -> mail : SMTP over TLS
    """

  @Test func aWebApplicationHasNoFindingOfAPlant() throws {
    let graph = try ArchitectureSketch(Self.shop).graph()
    let steps = reached(graph)
    for step in steps {
      #expect(try category(step, in: graph) == "Box", "\(graph.name(of: step))")
    }
    let consequences = steps.map { graph.type(of: $0) }.filter { $0.tags.contains("consequence") }
    #expect(
      Set(consequences.map(\.name)) == [
        "disclosed", "lossOfAvailability", "theftOfOperationalInformation",
      ])
    #expect(steps.contains { graph.name(of: $0) == "database:lossOfAvailability" })
  }

  /// Steps of what is neither model nor data that ATLAS alone knows are about what comes from models and data.
  @Test func outsideTheBrainATLASStandsAlonePoisonOnly() throws {
    let language = try #require(ArchitectureSketch.language)
    var alone: Set<String> = []
    for type in language.assetTypes where type.category != "Brain" {
      for step in type.steps where step.declaredIn == type.name {
        if cites(step, ["atlas"]), !cites(step, ["attack", "cwe", "capec"]) {
          alone.insert(step.name)
        }
      }
    }
    #expect(alone == ["carryPoison", "patternKnown", "receivePoison"])
  }

  /// With every defence in place no documented end is reached, except where somebody at the sensor blinds it.
  @Test(arguments: ReplayTests.all)
  func withEveryDefenceNoDocumentedEndIsReached(_ replay: Replay) throws {
    var graph = try ArchitectureSketch(replay.architecture).graph()
    for step in graph.steps.indices where graph.kind(of: step) == .defense {
      graph.assume(step, probability: 0)
    }
    var entries: [AttackGraph.StepID: Fronts] = [:]
    for name in replay.entries { entries[try #require(graph.step(named: name))] = .both }
    let reached = graph.reachableSteps(from: entries, at: .both)
    for name in replay.impacts {
      #expect(!reached[try #require(graph.step(named: name))], "\(name)")
    }
  }
}
