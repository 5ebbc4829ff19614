import Testing

@testable import ModelTesting
@testable import Reporting

/// Pictures of an example: what they refuse, which channels they show, and in which measure.
@Suite struct ExamplePictureTests {
  private func channel(_ name: String, unit: String = "bar", noise: Double = 0) -> TestPlan.Channel
  {
    TestPlan.Channel(
      name: name, group: nil, unit: unit, range: 0...10, leastSignificantBit: 0, noise: noise,
      slew: nil, isMonotone: false)
  }

  @Test func tracesFollowTheLayout() throws {
    let channels = [channel("a"), channel("b")]
    let clean = [1.0, 2, 3, 4, 5, 6]
    let timeFirst = try #require(
      SignalPicture(
        layout: [.time, .channel], shape: [3, 2], channels: channels, clean: clean,
        changed: [1, 2, 3, 9, 5, 6]))
    #expect(timeFirst.traces.map(\.name) == ["b"])
    #expect(timeFirst.traces[0].clean == [2, 4, 6] && timeFirst.traces[0].difference == [0, 5, 0])
    let channelFirst = try #require(
      SignalPicture(
        layout: [.channel, .time], shape: [2, 3], channels: channels, clean: clean,
        changed: [1, 2, 4, 4, 5, 9]))
    #expect(channelFirst.traces.map(\.name) == ["b", "a"])
    #expect(channelFirst.traces[1].clean == [1, 2, 3])
    #expect(channelFirst.caption.contains("2 of 2 channels changed: b by at most 3 bar; a by"))
  }

  @Test func signalsOfOtherShapesAreNotDrawn() {
    func picture(_ layout: [TestPlan.Axis], _ shape: [Int], _ changed: [Double]) -> SignalPicture? {
      SignalPicture(
        layout: layout, shape: shape, channels: [channel("a")], clean: [1, 2], changed: changed)
    }
    #expect(picture([.time], [2], [1, 3]) != nil)
    #expect(picture([.time], [2], [1, 2])?.changedChannels == 0)
    #expect(picture([.time, .row], [2, 1], [1, 3]) == nil)
    #expect(picture([.time], [3], [1, 3]) == nil)
    #expect(picture([.time], [2], [1, .nan]) == nil)
    #expect(picture([.time], [2], [1, .infinity]) == nil)
    #expect(picture([.channel], [2], [1, 3]) == nil)
  }

  @Test func changesAreSortedByTheirMeasure() throws {
    let mixed = [
      channel("a", unit: "mV", noise: 2), channel("b", noise: 0.1), channel("c", noise: 1),
    ]
    func picture(inNoise: Bool, _ changed: [Double]) -> ChangePicture? {
      ChangePicture(channels: mixed, clean: [1, 1, 1], changed: changed, inNoise: inNoise)
    }
    let noise = try #require(picture(inNoise: true, [3, 2, 1]))
    #expect(noise.measure == .noise && noise.bars.map(\.name) == ["b", "a"])
    #expect(abs(noise.bars[0].length - 10) < 1e-12 && noise.bars[1].length == 1)
    let span = try #require(picture(inNoise: false, [3, 0, 1]))
    #expect(span.measure == .span && span.bars.map(\.length) == [20, -10])
    #expect(try #require(picture(inNoise: false, [1, 0, 2])).measure == .unit("bar"))
    #expect(picture(inNoise: true, [1, 1, 1]) == nil)
    #expect(picture(inNoise: true, [1, 1, .nan]) == nil)
  }

  @Test func ofAnImageTheChannelThatChangedMostIsShown() throws {
    let channels = [channel("red"), channel("green")]
    func plane(_ layout: [TestPlan.Axis], _ shape: [Int]) -> ImagePlane? {
      ImagePlane(
        layout: layout, shape: shape, channels: channels, clean: (0..<12).map(Double.init),
        changed: (0..<12).map { Double($0 == 7 ? 9 : $0) })
    }
    let first = try #require(plane([.channel, .row, .column], [2, 2, 3]))
    #expect(first.channel.name == "green" && first.shape == [2, 3])
    #expect(first.clean == [6, 7, 8, 9, 10, 11] && first.changed == [6, 9, 8, 9, 10, 11])
    let last = try #require(plane([.row, .column, .channel], [2, 3, 2]))
    #expect(last.clean == [1, 3, 5, 7, 9, 11])
    let turned = try #require(plane([.column, .row, .channel], [3, 2, 2]))
    #expect(turned.shape == [2, 3] && turned.clean == [1, 5, 9, 3, 7, 11])
    #expect(plane([.time, .row, .channel], [2, 3, 2]) == nil)
    #expect(plane([.channel, .row, .column], [3, 2, 2]) == nil)
  }

  @Test func atMostTwentyChangesAreShown() throws {
    let picture = try #require(
      ChangePicture(
        channels: (0..<50).map { channel("c\($0)") }, clean: Array(repeating: 0, count: 50),
        changed: (0..<50).map { Double($0) / 10 }, inNoise: false))
    #expect(picture.bars.count == 20 && picture.changedChannels == 49)
    #expect(picture.bars.first?.name == "c49")
    #expect(picture.caption.contains("49 of 50 channels changed; the 20 largest are shown"))
  }
}
