import ArchitectureModel
import AttackGraphs
import DiagramImport
import EngineSupport
import Foundation
import Provenance
import TensorCore
import ThreatKnowledge
import ThreatLanguage

@testable import AdversarialTesting
@testable import AssessmentPipeline
@testable import ModelTesting

/// A small assessment made by hand, with every kind of finding; every text that comes from input is `label`
/// with a short suffix, so that hostile text reaches every place of a report.
struct Fixture {
  var label: String
  var input: Input

  init(label: String = "Part", input: Input = .image) {
    self.label = label
    self.input = input
  }

  func text(_ suffix: String) -> String { "\(label) \(suffix)" }

  private func place(_ line: Int) -> SourceLocation {
    SourceLocation(document: text("file.yaml"), line: line, column: 3, path: text("path"))
  }

  private let digest = ContentDigest(of: "fixture".utf8)

  func result() throws -> AssessmentResult {
    let run = try run()
    var diagnostics = Diagnostics()
    let architecture = ArchitectureGraph(
      checking: [draft], declarations: [], reportingTo: &diagnostics)
    guard
      let language = CompiledLanguage(
        sources: IndustrialLanguage.sources, reportingTo: &diagnostics)
    else { throw BadInput(diagnostics.all) }
    let bound = BoundInstance(
      binding: architecture, defenses: BoundInstance.DefenseStatements(), in: language,
      reportingTo: &diagnostics)
    let graph = AttackGraph(
      language, over: bound.model, measured: [], horizon: 30, reportingTo: &diagnostics)
    let attack = analysis(graph, architecture)
    var ledger = EvidenceLedger()
    ledger.append(EngineRecord(version: text("engine"), seed: 7))
    let records = Finding.Evidence.Role.allCases.map { role in
      ledger.append(
        SourceSlice(document: text("file.yaml"), path: role.rawValue, digest: digest)
      ).id
    }
    return AssessmentResult(
      product: product, seed: 7,
      sources: SourceFile.Role.allCases.map {
        SourceFile(role: $0, name: text($0.rawValue), size: 99, digest: digest)
      },
      knowledge: .bundled,
      diagrams: [
        ImportedDiagram(
          format: DiagramFormat(name: "drawio", title: "draw.io"), draft: draft, ledger: rows)
      ], architecture: architecture, bound: bound,
      defenses: [
        DefenseStatement(
          asset: 0, assetName: text("scada"), claim: product.components[0].defenses[0],
          evidence: nil),
        DefenseStatement(
          asset: 0, assetName: text("scada"), claim: product.components[0].defenses[0],
          evidence: SourceFile(
            role: .defenseEvidence, name: text("BL-17.pdf"), size: 5, digest: digest)),
      ], graph: graph,
      reachability: [
        GoalReachability(
          consequence: product.consequences[0], goal: attack.goal, byNetworkAlone: false,
          bySensorAlone: true, byBoth: true)
      ], models: [model(run)], decisions: decisions(attack), securityLevels: levels,
      findings: Finding.Kind.allCases.map { finding($0, attack, records) },
      diagnostics: diagnostics.all + [
        Diagnostic(.note, "fixture.note", text("message"), at: place(4), hint: text("hint"))
      ], ledger: ledger, root: ledger.root)
  }

  private func decisions(_ attack: AttackAnalysis) -> Decisions {
    let defense = HardeningPlan.Defense(step: 0, name: text("scada:plausibilityCheck"), cost: 3)
    func state(_ network: Bool, _ sensor: Bool, _ both: Bool) -> WhatIfResult.State {
      WhatIfResult.State(
        byNetworkAlone: network, bySensorAlone: sensor, byBoth: both, probability: 0.25)
    }
    let states = [
      state(true, true, true), state(true, false, true), state(false, true, true),
      state(false, false, true), state(false, false, false),
    ]
    let times = CompromiseTimes([1, 2, 3, .infinity])
    let estimate = CompromiseEstimate(value: 0.5, lower: 0.25, upper: 0.75)
    return Decisions(
      times: [
        GoalTimes(
          id: attack.consequence.id, times: times, withinHorizon: estimate,
          quantiles: [0.05, 0.5, 0.95].map { level in
            GoalTimes.Quantile(
              level: level,
              days: CompromiseEstimate(value: level > 0.9 ? .infinity : 2, lower: 1, upper: 3))
          })
      ],
      hardening: HardeningPlan(
        goals: [
          HardeningPlan.GoalHardening(consequences: [text("unsafe")], outcome: .outOfReach),
          HardeningPlan.GoalHardening(
            consequences: [text("unsafe")], outcome: .impossible([text("pump:stop")])),
          HardeningPlan.GoalHardening(
            consequences: [text("unsafe"), text("other")],
            outcome: .found(
              HardeningPlan.Found(
                defenses: [defense], cost: 3, lowerBound: 2, isConfirmed: true,
                alternatives: [[defense], []], areAlternativesComplete: false))),
        ],
        front: [HardeningPlan.FrontPoint(defenses: [defense], cost: 3, stillReached: [])],
        isFrontComplete: true,
        chokePoints: [
          HardeningPlan.ChokePoint(
            step: 0, name: text("scada:choke"), consequences: [text("unsafe")])
        ], possibleDefenses: 4),
      whatIfs: [
        WhatIfResult(
          id: "what-if", description: text("description"), enabled: [text("a:b")],
          disabled: [text("c:d")],
          assumed: [WhatIfResult.Assumption(step: text("brain:evade"), rate: 0.5)],
          lost: [text("e:f")], gained: [text("g:h")],
          goals: states.map { after in
            WhatIfResult.Goal(id: text("unsafe"), before: states[0], after: after)
          })
      ])
  }

  var draft: ArchitectureDraft {
    func id(_ cell: String) -> DrawnID { DrawnID(page: text("p1"), cell: text(cell)) }
    func shape(
      _ cell: String, _ kind: String?, in container: String? = nil, isContainer: Bool = false
    ) -> DrawnShape {
      DrawnShape(
        id: id(cell), label: text(cell),
        attributes: kind.map { [DrawnAttribute(name: "kind", value: $0)] } ?? [], shapeName: "",
        container: container.map(id), containment: container.map { _ in .parent },
        isContainer: isContainer, bounds: nil, alsoDrawnAs: [], location: place(1),
        source: Array(cell.utf8))
    }
    func line(_ cell: String, _ source: String?, _ target: String?, both: Bool = false) -> DrawnLine
    {
      DrawnLine(
        id: id(cell), label: text(cell), attributes: [], source: source.map(id),
        target: target.map(id), isBidirectional: both, location: place(2), sourceBytes: [1])
    }
    return ArchitectureDraft(
      document: text("plant.drawio"), pages: [DrawnPage(id: text("p1"), name: text("page"))],
      shapes: [
        shape("zone", nil, isContainer: true),
        shape("device", "embedded-device", in: "zone", isContainer: true),
        shape("meter", "physical-quantity"), shape("camera", "sensor", in: "device"),
        shape("brain", "learning-model", in: "device"),
        shape("scada", "control-server", in: "zone"), shape("pump", "actuator"),
        shape("gateway", "gateway"), shape("thing", nil),
      ],
      lines: [
        line("light", "meter", "camera"), line("frames", "camera", "brain"),
        line("reading", "brain", "scada"), line("setpoint", "scada", "pump", both: true),
        line("loose", "scada", nil),
      ])
  }

  private var rows: ImportLedger {
    ImportLedger(
      rows: [
        ImportLedger.Row(
          id: text("x"), page: text("p1"), location: place(9), kind: .edgeLabel, mark: .vertex,
          outcome: .merged(into: DrawnID(page: text("p1"), cell: text("light"))),
          reason: text("reason")),
        ImportLedger.Row(
          id: text("0"), page: text("p1"), location: place(8), kind: .root, mark: nil,
          outcome: .leftOut, reason: text("reason")),
      ], source: ImportLedger.SourceCount())
  }

  private var product: ProductFile {
    let reference = ProductFile.FileReference(path: text("file"), location: place(1))
    return ProductFile(
      document: text("bartizan.yaml"),
      product: ProductFile.Product(
        name: text("product"), version: text("1.0"), owner: text("owner"),
        description: text("description")), diagrams: [reference],
      components: [
        ProductFile.Component(
          declaration: ComponentDeclaration(
            drawn: text("scada"), kind: .controlServer, location: place(3)),
          defenses: [
            ProductFile.DefenseClaim(
              name: "plausibilityCheck", inPlace: 0.9, reason: text("reason"), location: place(4))
          ])
      ], flows: [], zones: [],
      models: [
        ProductFile.Model(
          id: "brain", file: reference, descriptor: nil, component: text("brain"),
          testPlan: reference,
          sensors: [
            ProductFile.ChannelSource(
              channel: text("light"), sensor: text("camera"), location: place(6))
          ], location: place(6))
      ],
      consequences: [
        ProductFile.Consequence(
          id: "unsafe", kind: .unsafeSetPoint, component: text("pump"), severity: .critical,
          description: text("fear"), location: place(7))
      ],
      entryPoints: [
        ProductFile.EntryPoint(
          id: "person", component: text("meter"), front: .sensor, step: "approach",
          reason: text("reason"), location: place(8))
      ], horizonDays: 30, defenseCosts: [], whatIfs: [])
  }

  private func analysis(_ graph: AttackGraph, _ architecture: ArchitectureGraph) -> AttackAnalysis {
    func step(_ asset: String, _ name: String) -> AttackGraph.StepID? {
      graph.steps.indices.first { graph.name(of: $0) == "\(text(asset)):\(name)" }
    }
    let measurement = Measurement(
      asset: text("brain"), step: "evadeBySensor", rate: 0.25, lower: 0.1, upper: 0.5,
      testRun: "brain/evadeBySensor")
    let ids = [
      step("meter", "approach"), step("meter", "sealedHousing"), step("meter", "alter"),
      step("brain", "evadeBySensor"), step("pump", "unsafeSetPoint"),
    ].compactMap(\.self)
    let restsOn = [[], [], [0, 1], [2], [3]]
    let steps = ids.enumerated().map { index, id in
      AttackAnalysis.Step(
        id: id, name: graph.name(of: id),
        asset: graph.instance.assets[graph.steps[id].asset].name, type: graph.steps[id].type,
        prior: 0.3, measured: index == 3 ? measurement : nil, restsOn: restsOn[index],
        entryPoint: index == 0 ? "person" : nil, rules: [place(11)],
        drawn: architecture.components[0].drawn)
    }
    let path = AttackAnalysis.Path(
      steps: steps,
      costs: DerivationCosts(
        treeCost: 4, setCost: 3.794, provenMinimum: 3.794, listedBy: .setCost),
      expectedEffort: 12.5, attackPotential: nil, probability: 0.0225, priorProbability: 0.027,
      entryPoints: ["person"])
    var other = path
    other.costs.provenMinimum = nil
    other.costs.listedBy = .treeCost
    other.expectedEffort = nil
    return AttackAnalysis(
      consequence: product.consequences[0], goal: ids.last ?? 0, fronts: .sensor,
      paths: [path, other], isComplete: false, probabilityBound: 0.000_012_3, expansions: 17)
  }

  /// One requirement in each state.
  private var levels: SecurityLevels {
    let component = ComponentLevel(
      component: text("scada"), type: .hostDevice, target: SecurityLevelVector(2),
      requirements: RequirementStatus.State.allCases.enumerated().map { index, state in
        RequirementStatus(
          id: "CR \(index + 1).1", name: text("name"), requirement: .useControl, level: 1,
          state: state, defenses: [text("scada:patched")], missing: [text("scada:patched")],
          testRuns: [])
      })
    return SecurityLevels(
      components: [component],
      zones: [
        ZoneLevel(
          zone: text("plant"), target: SecurityLevelVector(2),
          achieved: component.achieved(withEvidenceOnly: false),
          achievedWithEvidence: SecurityLevelVector(0), components: [component.component])
      ], catalogue: text("iec62443-4-2 2019"))
  }

  var facts: ModelAssessment.Facts {
    ModelAssessment.Facts(
      producer: text("producer"), opset: 17, irVersion: 8, inputName: text("image"),
      inputShape: input.shape, outputName: text("scores"), classCount: 2, parameters: 10,
      multiplyAdds: 20, operators: [ModelUnderTest.OperatorCount(name: text("Conv"), count: 2)])
  }

  private func model(_ run: ModelTestResult) -> ModelAssessment {
    ModelAssessment(
      id: "brain", asset: text("brain"),
      file: SourceFile(role: .model, name: text("model.onnx"), size: 99, digest: digest),
      evaluation: nil,
      facts: facts, run: run,
      tests: DemonstratedStep.allCases.map { test($0, of: run) }, notTested: [text("not tested")],
      lineage: LineageStatement.Status.allCases.map { status in
        LineageStatement(
          subject: text("subject"), field: text("field"), value: text("value"), status: status,
          location: place(12))
      })
  }

  private func test(_ step: DemonstratedStep, of run: ModelTestResult) -> ModelTest {
    let attacker = run.attackers.first {
      step != .errUnderNoise && ($0.attacker.front == .sensor) == (step == .evadeBySensor)
    }
    return ModelTest(
      id: "brain/\(step.rawValue)", step: step, title: text("title"),
      unit: attacker?.unit ?? text("deviations"), reason: text("reason"),
      chosenBudget: attacker?.attacker.chosen ?? 3,
      result: attacker?.result ?? campaign(budgets: [3], broken: 1), attacker: attacker,
      measurement: Measurement(
        asset: text("brain"), step: step.rawValue, rate: 0.5, lower: 0.1, upper: 0.9,
        testRun: "brain/\(step.rawValue)"), record: digest)
  }

  private func finding(
    _ kind: Finding.Kind, _ attack: AttackAnalysis, _ records: [ContentDigest]
  ) -> Finding {
    Finding(
      id: text(kind.rawValue), kind: kind, severity: .high, verdict: .observed,
      title: text("title"), statement: text("statement"), advice: text("advice"),
      attack: kind == .attackPath ? attack : nil,
      evidence: zip(Finding.Evidence.Role.allCases, records).map { role, record in
        Finding.Evidence(
          role: role, name: text("evidence"), location: place(13), digest: digest, record: record)
      }, fingerprint: digest)
  }
}
