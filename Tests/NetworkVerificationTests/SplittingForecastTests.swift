import Testing

@testable import NetworkVerification

/// When splitting is given up: never before a split is known from both halves, never while the best split's gains
/// would do.
@Suite struct SplittingForecastTests {
  @Test func treesOfTheModel() {
    // Equal gains double the boxes with every level; a half that closes at once leaves a chain.
    #expect(SplittingForecast.boxes(0, (1, 1), atMost: 100) == 1)
    #expect(SplittingForecast.boxes(1, (1, 1), atMost: 100) == 3)
    #expect(SplittingForecast.boxes(3, (1, 1), atMost: 100) == 15)
    #expect(SplittingForecast.boxes(3, (1, 5), atMost: 100) == 7)
    #expect(SplittingForecast.boxes(3, (1, .infinity), atMost: 100) == 7)
    // T(G) = 1 + T(G − 1) + T(G − 2), T(2) = 1 + T(1) + T(0) = 5.
    #expect(SplittingForecast.boxes(4, (1, 2), atMost: 100) == 15)
  }

  @Test func whatNeverGetsNearerIsEndless() {
    for gain in [0, -1, -Double.infinity, .nan] {
      #expect(SplittingForecast.boxes(1, (gain, 1), atMost: 50) == 51)
    }
    #expect(SplittingForecast.boxes(.infinity, (1, 1), atMost: 50) == 51)
    #expect(SplittingForecast.boxes(1e300, (1e-300, 1e-300), atMost: 50) == 51)
  }

  @Test func nothingIsForetoldFromOneHalf() {
    var forecast = SplittingForecast()
    #expect(!forecast.isHopeless([1e9], within: 4))
    forecast.note(parent: 0, depth: 10, gain: 0.1)
    #expect(!forecast.isHopeless([10], within: 4))
    forecast.note(parent: 0, depth: 10, gain: 0.1)
    #expect(forecast.isHopeless([9.9], within: 4))
  }

  @Test func theBestSplitCounts() {
    var forecast = SplittingForecast()
    for (parent, gain) in [0.01, 1, 0.2].enumerated() {
      forecast.note(parent: parent, depth: 4, gain: gain)
      forecast.note(parent: parent, depth: 4, gain: gain)
    }
    #expect(forecast.best?.less == 1)
    // Twice that gain closes a depth of 4 with two levels: six boxes under the one that is known, three a half.
    #expect(!forecast.isHopeless([4, 4], within: 6))
    #expect(forecast.isHopeless([4, 4], within: 5))
  }

  @Test func boundsThatSayNothingAreNoGain() {
    var forecast = SplittingForecast()
    forecast.note(parent: 0, depth: .infinity, gain: .nan)
    forecast.note(parent: 0, depth: .infinity, gain: .nan)
    #expect(forecast.best == nil)
  }
}
