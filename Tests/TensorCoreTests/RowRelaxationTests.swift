import EngineSupport
import TensorCore
import Testing

/// The inner loop of linear bounds against its definition, bit for bit.
@Suite struct RowRelaxationTests {
  @Test(arguments: [1, 7, 8, 9, 16, 50])
  func rowsAreRelaxedAsDefined(_ width: Int) {
    var random = SeededRandom(seed: 3).stream("rows", width)
    func values(_ count: Int) -> [Double] { (0..<count).map { _ in random.uniform() * 4 - 2 } }
    // Runs of one box of every length that the kernel takes apart.
    let boxOfRow = [0, 0, 1, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]
    let count = boxOfRow.count
    var planes = RelaxationPlanes(boxes: 3, width: width)
    planes.lowerSlopes = values(3 * width)
    planes.upperSlopes = values(3 * width)
    planes.lowerOffsets = values(3 * width)
    planes.upperOffsets = values(3 * width)
    let rows = values(count * width)
    var relaxed = rows
    var sums = values(count)
    let start = sums
    RowRelaxation.relax(&relaxed, boxOfRow: boxOfRow, by: planes, adding: &sums)
    for (row, box) in boxOfRow.enumerated() {
      var lanes = [Double](repeating: 0, count: 8)
      for i in 0..<width {
        let a = rows[row * width + i]
        let place = box * width + i
        let (slope, offset) =
          a < 0
          ? (planes.upperSlopes[place], planes.upperOffsets[place])
          : (planes.lowerSlopes[place], planes.lowerOffsets[place])
        #expect(relaxed[row * width + i] == a * slope)
        lanes[i % 8] += a * offset
      }
      let sum =
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
      #expect(sums[row] == start[row] + sum, "width \(width), row \(row)")
    }
    var other = start
    RowRelaxation.addOffsets(
      of: rows, width: width, boxOfRow: boxOfRow, lower: planes.lowerOffsets,
      upper: planes.upperOffsets, to: &other)
    #expect(other == sums)
  }

  @Test func planesOfARectifierAreThoseOfEachElement() {
    var random = SeededRandom(seed: 5)
    let ends =
      (0..<200).map { _ in (random.uniform() * 2 - 1, random.uniform() * 2 - 1) }
      + [(-1, 0), (0, 0), (0, 1), (-0.0, 1), (-.infinity, 1), (-1, .infinity)]
    let operand = IntervalTensor(
      lower: Tensor(shape: [ends.count], elements: ends.map { min($0.0, $0.1) }),
      upper: Tensor(shape: [ends.count], elements: ends.map { max($0.0, $0.1) }))
    let planes = RelaxationPlanes(rectifying: operand, boxes: 1)
    for i in ends.indices {
      let pair = LinePair.leaky(
        slope: 0, over: operand.lower.elements[i], operand.upper.elements[i])
      #expect(
        planes.lowerSlopes[i] == pair.lower.slope && planes.lowerOffsets[i] == pair.lower.offset)
      let (slope, offset) = (planes.upperSlopes[i], planes.upperOffsets[i])
      #expect(slope == pair.upper.slope || slope.isNaN && pair.upper.slope.isNaN)
      #expect(offset == pair.upper.offset || offset.isNaN && pair.upper.offset.isNaN)
    }
  }

  /// Chords and tangents hold the function between them over many ranges.
  @Test func curvesLieBetweenTheirLines() throws {
    var random = SeededRandom(seed: 4)
    let functions:
      [(
        name: String, LinePair.Curvature, value: (Double) -> Double, slope: (Double) -> Double
      )] = [
        ("exp", .convex, PortableMath.exp, PortableMath.exp),
        (
          "tanh", .sigmoidal(around: 0), PortableMath.tanh,
          { 1 - PortableMath.tanh($0) * PortableMath.tanh($0) }
        ),
        ("sin", .bounded(1), PortableMath.sin, PortableMath.cos),
        ("−exp", .concave, { -PortableMath.exp($0) }, { -PortableMath.exp($0) }),
      ]
    for (name, curvature, value, slope) in functions {
      for _ in 0..<200 {
        let low = random.uniform() * 6 - 3
        let high = low + random.uniform() * 4 + 1e-4
        let pair = try #require(
          LinePair.curve(curvature, over: low, high, value: value, derivative: slope))
        for step in 0...50 {
          let x = low + (high - low) * Double(step) / 50
          #expect(
            pair.lower(x) <= value(x) + 1e-12 && value(x) <= pair.upper(x) + 1e-12,
            "\(name) at \(x) in \(low)…\(high)")
        }
      }
    }
    for (least, most) in [(0.0, 6.0), (-1, 1)] {
      for _ in 0..<300 {
        let low = random.uniform() * 16 - 8
        let high = low + random.uniform() * 12
        let pair = LinePair.clip(from: least, to: most, over: low, high)
        for step in 0...40 {
          let x = low + (high - low) * Double(step) / 40
          let y = min(max(x, least), most)
          #expect(pair.lower(x) <= y + 1e-12 && y <= pair.upper(x) + 1e-12)
        }
      }
    }
  }
}
