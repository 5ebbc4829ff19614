import AdversarialTesting
import EngineSupport
import NeuralRuntime
import Testing

/// Radii of tree ensembles against every combination of thresholds, tried one by one.
@Suite struct TreeVerifierTests {
  /// The nearest flip by brute force; infinite if there is none.
  private func slow(
    _ grown: GrownForest, _ model: TreeModel, _ sample: [Float], _ distance: FeatureDistance,
    where isFlip: ([Float]) -> Bool
  ) -> Double {
    GrownForest.flips(of: model, from: sample, values: grown.neighbours, where: isFlip)
      .map { distance.between(sample, $0) }.min() ?? .infinity
  }

  @Test(arguments: FeatureDistance.Norm.allCases, [1, 2, 4])
  func radiiOfClassifiersEqualBruteForce(_ norm: FeatureDistance.Norm, classes: Int) throws {
    var flips = 0
    for seed in UInt64(1)...25 {
      var grown = GrownForest(
        seed: seed, trees: 4, depth: 3, features: 3, targets: classes,
        modes: [.lessOrEqual, .less, .greater, .greaterOrEqual])
      let model = TreeModel(grown.forest, classes: max(classes, 2))
      let distance = FeatureDistance(norm, scales: seed % 2 == 0 ? [1, 0.5, 3] : nil)
      let verifier = try TreeVerifier(model, distance: distance)
      let sample = grown.sample()
      let label = model.classIndex(of: sample)
      let bracket = verifier.radius(at: sample)
      let expected = slow(grown, model, sample, distance) { model.classIndex(of: $0) != label }
      #expect(bracket.isExact, "seed \(seed)")
      #expect(bracket.certified == expected, "seed \(seed)")
      if let example = bracket.example {
        flips += 1
        #expect(model.classIndex(of: example) != label, "seed \(seed)")
        #expect(distance.between(sample, example) == expected, "seed \(seed)")
      }
    }
    #expect(flips > 10)
  }

  @Test func setsAndEqualitiesAndMissingValuesEqualBruteForce() throws {
    for seed in UInt64(1)...40 {
      var grown = GrownForest(
        seed: seed, trees: 3, depth: 3, features: 3, targets: 1,
        modes: [.equal, .notEqual, .member, .lessOrEqual])
      let model = TreeModel(grown.forest, classes: 2)
      var sample = grown.sample()
      if seed % 2 == 0 { sample[Int(seed / 2) % 3] = .nan }
      let label = model.classIndex(of: sample)
      let bracket = try TreeVerifier(model).radius(at: sample)
      let expected = slow(grown, model, sample, FeatureDistance(.maximum)) {
        model.classIndex(of: $0) != label
      }
      #expect(bracket.isExact && bracket.certified == expected, "seed \(seed)")
    }
  }

  @Test func deviationsOfRegressorsEqualBruteForce() throws {
    for seed in UInt64(1)...25 {
      var grown = GrownForest(seed: seed, trees: 5, depth: 3, features: 2, targets: 2)
      grown.forest.baseValues = [0.25, -1]
      if seed % 3 == 0 { grown.forest.aggregate = "AVERAGE" }
      let model = TreeModel(grown.forest, classes: nil)
      let sample = grown.sample()
      let value = model.sums(of: sample)[1]
      let bracket = try TreeVerifier(model).radius(at: sample, output: 1, tolerance: 0.3)
      let expected = slow(grown, model, sample, FeatureDistance(.maximum)) {
        abs(Double(model.sums(of: $0)[1]) - Double(value)) > 0.3
      }
      #expect(bracket.isExact && bracket.certified == expected, "seed \(seed)")
    }
  }

  @Test func fixedFeaturesRangesAndGridsLimitTheFlips() throws {
    let domains = [
      FeatureDomain(isFixed: true), FeatureDomain(range: 0...1, step: 0.125),
      FeatureDomain(range: 0.1...0.9),
    ]
    var finite = 0
    for seed in UInt64(1)...40 {
      var grown = GrownForest(seed: seed, trees: 4, depth: 3, features: 3, targets: 1)
      let model = TreeModel(grown.forest, classes: 2)
      let sample = grown.sample()
      let label = model.classIndex(of: sample)
      let bracket = try TreeVerifier(model, domains: domains).radius(at: sample)
      let grid = (0...8).map { Float($0) / 8 }
      let flips = GrownForest.flips(of: model, from: sample) { feature in
        switch feature {
        case 0: []
        case 1: grid
        default: [0.1, 0.9] + grown.neighbours(of: 2).filter { 0.1 <= $0 && $0 <= 0.9 }
        }
      } where: {
        model.classIndex(of: $0) != label
      }
      let expected =
        flips.map { FeatureDistance(.maximum).between(sample, $0) }.min() ?? .infinity
      #expect(bracket.isExact && bracket.certified == expected, "seed \(seed)")
      if expected.isFinite { finite += 1 }
    }
    #expect(finite > 5)
  }

  /// With little work the bracket still holds the truth.
  @Test func bracketsOfShortSearchesHoldTheTruth() throws {
    var open = 0
    for seed in UInt64(1)...20 {
      var grown = GrownForest(seed: seed, trees: 12, depth: 4, features: 5, targets: 1)
      let model = TreeModel(grown.forest, classes: 2)
      let verifier = try TreeVerifier(model)
      let sample = grown.sample()
      let truth = verifier.radius(at: sample)
      #expect(truth.isExact, "seed \(seed)")
      for effort in [
        TreeVerifier.Effort(pairs: 300), TreeVerifier.Effort(pairs: 3_000, width: 4),
        TreeVerifier.Effort(width: 2),
      ] {
        let bracket = verifier.radius(at: sample, effort: effort)
        #expect(bracket.certified <= truth.certified, "seed \(seed)")
        #expect(bracket.found ?? .infinity >= truth.certified, "seed \(seed)")
        #expect(bracket.work <= effort.pairs, "seed \(seed)")
        if !bracket.isExact { open += 1 }
      }
    }
    #expect(open > 5)
  }

  @Test func refusesDomainsThatDoNotFit() throws {
    let model = TreeModel(
      GrownForest(seed: 1, trees: 2, depth: 2, features: 3, targets: 1).forest, classes: 2)
    #expect(throws: Diagnostic.self) {
      try TreeVerifier(model, domains: [FeatureDomain()])
    }
  }
}
