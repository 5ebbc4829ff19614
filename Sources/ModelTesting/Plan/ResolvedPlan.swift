import AdversarialTesting
import EngineSupport

/// A plan with everything that decides a run's bytes, as data to be hashed before the run.
enum ResolvedPlan {
  static func value(
    of plan: TestPlan, profile: TestProfile, seed: UInt64, model: ModelUnderTest,
    samples: EvaluationSamples, rows: [Int], attackers: [AttackerRun], noise: Campaign?,
    streams: StreamRun?,
    measurementFiles: [String: ContentDigest], engine: String
  ) -> JSONValue {
    let members: [(String, JSONValue?)] = [
      ("engine", .string(engine)), ("title", .string(plan.title)),
      ("profile", .string(profile.rawValue)), ("seed", .string(String(seed))),
      ("model", .string(model.digest.hexadecimal)), ("data", .string(samples.digest.hexadecimal)),
      (
        "arrays", arrays(plan.data)
      ),
      ("dataSeed", .string(String(plan.data.seed))),
      ("sampling", .string(text(plan.data.rule))), ("rows", .array(rows.map { .integer($0) })),
      ("task", task(plan.task)), ("tensor", .string(plan.input.tensor)),
      ("layout", .strings(plan.input.layout.map(\.rawValue))),
      ("channels", .array(plan.input.channels.map(channel))),
      ("unitsPerTensorUnit", decimal(plan.input.scaling.unitsPerTensorUnit)),
      ("offset", decimal(plan.input.scaling.offset)),
      ("laws", laws(plan.input)),
      (
        "measurementModels",
        .object(
          measurementFiles.sorted { $0.key < $1.key }.map {
            ($0.key, .string($0.value.hexadecimal))
          })
      ),
      ("attackers", .array(attackers.map { attacker($0, of: plan) })),
      ("noise", noise.map(campaign)),
      ("streams", streams.map { self.streams($0, of: plan, profile) }),
      ("audit", audit(profile.audit)),
      (
        "faults",
        plan.faults.map {
          [
            "channels": .array($0.channels.map { .integer($0) }), "onset": .integer($0.onset),
            "duration": $0.duration.map { .integer($0) } ?? .null,
            "severities": .array(profile.severities.map { .integer($0) }),
          ]
        }
      ),
      (
        "corruptions",
        plan.corruptions.map { _ in .array(profile.severities.map { .integer($0) }) }
      ),
      (
        "certificates",
        plan.certificates.map {
          [
            "front": .string($0.front.rawValue),
            "samples": .integer(min($0.samples, profile.certificateLimit)),
          ]
        }
      ),
    ]
    return .object(members + certificates(of: plan, profile))
  }

  private static func streams(
    _ run: StreamRun, of plan: TestPlan, _ profile: TestProfile
  ) -> JSONValue {
    let (test, data) = (run.test, run.test.data)
    return .object([
      ("data", .string(run.digest.hexadecimal)), ("arrays", arrays(data)),
      ("dataSeed", .string(String(data.seed))), ("sampling", .string(text(data.rule))),
      ("rows", .array(run.rows.map { .integer($0) })), ("instants", .integer(run.length)),
      ("step", .integer(test.step)), ("windows", .integer(run.windows)),
      ("onset", .integer(test.onset)), ("wrongWhen", .string(test.rule.rawValue)),
      ("attackers", .array(run.attackers.map { attacker($0, of: plan) })),
      ("audit", audit(profile.streamAudit)), ("reason", .string(test.reason)),
    ])
  }

  private static func arrays(_ data: TestPlan.Data) -> JSONValue {
    .object([
      ("inputs", .string(data.inputs)), ("labels", data.labels.map { .string($0) }),
      ("targets", data.targets.map { .string($0) }), ("groups", data.groups.map { .string($0) }),
    ])
  }

  private static func text(_ rule: TestPlan.SamplingRule) -> String {
    switch rule {
    case .all: "all samples"
    case .count(let count): "\(count) samples"
    case .proving(let rate, let confidence, let failures):
      "as many as prove a rate below \(rate) with confidence \(confidence) and \(failures) failures"
    case .halfWidth(let width, let confidence):
      "as many as give a half width of \(width) with confidence \(confidence)"
    }
  }

  private static func task(_ task: TestPlan.Task) -> JSONValue {
    switch task {
    case .classification(let classes, let quiet):
      .object([
        ("classes", classes.map(JSONValue.strings)), ("quiet", quiet.map { .integer($0) }),
      ])
    case .regression(let tolerance, let unit):
      ["tolerance": decimal(tolerance), "unit": .string(unit)]
    }
  }

  private static func channel(_ channel: TestPlan.Channel) -> JSONValue {
    .object([
      ("name", .string(channel.name)), ("unit", .string(channel.unit)),
      ("low", decimal(channel.range.lowerBound)), ("high", decimal(channel.range.upperBound)),
      ("leastSignificantBit", decimal(channel.leastSignificantBit)),
      ("noise", decimal(channel.noise)), ("slew", channel.slew.map(decimal)),
      ("monotone", .bool(channel.isMonotone)),
    ])
  }

  private static func laws(_ input: TestPlan.Input) -> JSONValue {
    .object([
      (
        "balances",
        .array(
          input.balances.map { balance in
            [
              "terms": .array(
                balance.terms.map {
                  ["channel": .integer($0.channel), "coefficient": decimal($0.coefficient)]
                }),
              "target": decimal(balance.target), "tolerance": decimal(balance.tolerance),
            ]
          })
      ),
      ("oneHot", .array(input.oneHot.map { .array($0.map { .integer($0) }) })),
      (
        "bandwidth",
        input.bandwidth.map {
          ["cutoff": decimal($0.cutoff), "tolerance": decimal($0.tolerance)]
        }
      ),
      ("samplingJitter", input.samplingJitter.map(decimal)),
    ])
  }

  private static func attacker(_ run: AttackerRun, of plan: TestPlan) -> JSONValue {
    let attacker = run.attacker
    return .object([
      ("front", .string(attacker.front.rawValue)),
      ("writes", .strings(attacker.writes.map { plan.input.channels[$0].name })),
      ("knowledge", .string(attacker.knowledge.rawValue)),
      ("norm", .string(attacker.norm.rawValue)), ("unit", .string(plan.unit(of: attacker))),
      ("measure", .string(attacker.measure.rawValue)), ("obeysLaws", .bool(attacker.obeysLaws)),
      (
        "measurementArray",
        attacker.measurementModel.map { .strings([$0.file.path, $0.array]) }
      ),
      ("budgets", .array(attacker.budgets.map(decimal))), ("chosen", decimal(attacker.chosen)),
      ("reason", .string(attacker.reason)),
      ("laws", .strings(run.set.rules.map { String(describing: $0) })),
      ("campaigns", .array(run.campaigns.map(campaign))),
      ("unconstrained", run.unconstrained.map(campaign)),
      (
        "acceptance",
        attacker.acceptance.map {
          ["largestRate": decimal($0.largestRate), "reason": .string($0.reason)]
        }
      ),
    ])
  }

  private static func campaign(_ campaign: Campaign) -> JSONValue {
    .object([
      ("attack", .string(type(of: campaign.attack).name)),
      (
        "parameters",
        .object(campaign.attack.parameters.map { ($0.name, .string($0.value)) })
      ),
      ("noiseDraws", .integer(campaign.noiseDraws)),
    ])
  }

  private static func audit(_ audit: CampaignAudit) -> JSONValue {
    [
      "samples": .integer(audit.samples), "directions": .integer(audit.directions),
      "survivors": .integer(audit.survivors), "blackBoxQueries": .integer(audit.blackBoxQueries),
    ]
  }

  static func decimal(_ value: Double) -> JSONValue { .string(DecimalText.exact(value)) }
}
