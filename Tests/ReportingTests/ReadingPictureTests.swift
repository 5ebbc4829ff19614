import Testing

@testable import Reporting

/// The pictures of a reading: what they refuse, and that a difference shows its sign without colour.
@Suite struct ReadingPictureTests {
  private func picture(
    shape: [Int] = [1, 2, 2], clean: [Double] = [1, 16, 7, 4], changed: [Double] = [0, 16, 9, 4]
  ) -> ReadingPicture? {
    ReadingPicture(shape: shape, clean: clean, changed: changed, range: 0...16)
  }

  @Test func onlyFiniteReadingsOfTwoExtentsAreDrawn() {
    #expect(picture() != nil)
    #expect(picture(shape: [4]) == nil)
    #expect(picture(shape: [2, 2, 2]) == nil)
    #expect(picture(shape: [2, 3]) == nil)
    #expect(picture(changed: [0, 16, 9]) == nil)
    #expect(picture(changed: [0, .nan, 9, 4]) == nil)
    #expect(picture(clean: [0, .infinity, 9, 4]) == nil)
  }

  @Test func theDifferenceIsChangedLessClean() throws {
    let picture = try #require(self.picture())
    #expect(picture.difference == [-1, 0, 2, 0])
    #expect(picture.largestChange == 2 && picture.changedCells == 2)
    #expect(try #require(self.picture(changed: [1, 16, 7, 4])).largestChange == 0)
  }

  @Test func lightnessFollowsTheSignAndSignsAreDrawn() throws {
    let parts = try #require(picture()).render(id: "p", title: "t", description: "d")
    #expect(parts.count == 3)
    var bytes: [UInt8] = []
    parts[2].write(to: &bytes)
    let difference = String(decoding: bytes, as: UTF8.self)
    // Half the largest change downward, nothing, the largest change upward.
    #expect(difference.contains("rgb(93,108,144)"))
    #expect(difference.contains("rgb(168,168,168)"))
    #expect(difference.contains("rgb(255,230,130)"))
    // A minus has one stroke, a plus two.
    #expect(difference.split(separator: "<path").count - 1 == 3)
    #expect(difference.split(separator: "stroke=\"#000000\"").count - 1 == 2)
  }
}
