import EngineSupport
import NeuralRuntime

/// One way into a leaf: the inputs that reach it, as closed ranges of `Float` numbers.
///
/// A strict comparison becomes a closed range that ends at the neighbouring number, so boxes hold exactly what
/// the model's own comparisons let through.
struct LeafBox: Sendable {
  struct Side: Sendable {
    var feature: Int
    var lower: Float
    var upper: Float
    /// Whether a missing value (NaN) of the feature takes this way too.
    var acceptsMissing: Bool
  }

  /// Only features that are compared on the way, by feature.
  var sides: [Side]
  /// The node of the forest.
  var leaf: Int
}

/// The boxes of every tree of a forest.
struct LeafBoxes: Sendable {
  /// More ways into leaves than this are refused.
  static let limit = 1 << 20

  /// By tree, in the order of the forest's roots.
  private(set) var trees: [[LeafBox]] = []

  /// Errors: `model.trees.too-large`.
  init(_ forest: DecisionForest) throws(Diagnostic) {
    var count = 0
    for root in forest.roots {
      var boxes: [LeafBox] = []
      var pending = [LeafBox(sides: [], leaf: root)]
      while let box = pending.popLast() {
        let node = forest.nodes[box.leaf]
        guard let mode = node.mode else {
          boxes.append(box)
          continue
        }
        count += 1
        guard count <= Self.limit else {
          throw Diagnostic(
            "model.trees.too-large", "the trees have more than \(Self.limit) ways into leaves")
        }
        for isTrue in [false, true] {
          for piece in Self.pieces(mode, node, isTrue) {
            guard
              let sides = Self.cut(
                box.sides, node.feature, piece, acceptsMissing: node.missingIsTrue == isTrue)
            else { continue }
            pending.append(
              LeafBox(sides: sides, leaf: isTrue ? node.whenTrue : node.whenFalse))
          }
        }
      }
      trees.append(boxes)
    }
  }

  /// The numbers that a comparison sends one way.
  private static func pieces(
    _ mode: DecisionForest.Mode, _ node: DecisionForest.Node, _ isTrue: Bool
  ) -> [(Float, Float)] {
    let value = node.value
    let all: [(Float, Float)] = [(-.infinity, .infinity)]
    switch mode {
    case .member: return singles(node.members.sorted(), isTrue)
    case .equal: return singles(value.isNaN ? [] : [value], isTrue)
    case .notEqual: return singles(value.isNaN ? [] : [value], !isTrue)
    // Every comparison with NaN is false.
    case _ where value.isNaN: return isTrue ? [] : all
    case .lessOrEqual: return isTrue ? below(value) : above(value.nextUp, after: value)
    case .less: return isTrue ? below(value.nextDown, before: value) : above(value)
    case .greaterOrEqual: return isTrue ? above(value) : below(value.nextDown, before: value)
    case .greater: return isTrue ? above(value.nextUp, after: value) : below(value)
    }
  }

  private static func below(_ value: Float) -> [(Float, Float)] { [(-.infinity, value)] }
  private static func above(_ value: Float) -> [(Float, Float)] { [(value, .infinity)] }

  /// Nothing lies beyond an infinite bound.
  private static func above(_ value: Float, after bound: Float) -> [(Float, Float)] {
    bound == .infinity ? [] : [(value, .infinity)]
  }

  private static func below(_ value: Float, before bound: Float) -> [(Float, Float)] {
    bound == -.infinity ? [] : [(-.infinity, value)]
  }

  /// These numbers alone, or the gaps between them.
  private static func singles(_ values: [Float], _ isInside: Bool) -> [(Float, Float)] {
    guard !isInside else { return values.map { ($0, $0) } }
    var gaps: [(Float, Float)] = []
    var start = -Float.infinity
    for value in values {
      if value > -.infinity, start <= value.nextDown { gaps.append((start, value.nextDown)) }
      start = value.nextUp
    }
    return values.last == .infinity ? gaps : gaps + [(start, .infinity)]
  }

  /// Sides with one more cut; nil if nothing is left, for numbers and for missing values.
  private static func cut(
    _ sides: [LeafBox.Side], _ feature: Int, _ piece: (Float, Float), acceptsMissing: Bool
  ) -> [LeafBox.Side]? {
    var sides = sides
    guard let place = sides.firstIndex(where: { $0.feature == feature }) else {
      let position = sides.firstIndex { $0.feature > feature } ?? sides.count
      sides.insert(
        LeafBox.Side(
          feature: feature, lower: piece.0, upper: piece.1, acceptsMissing: acceptsMissing),
        at: position)
      return sides
    }
    sides[place].lower = max(sides[place].lower, piece.0)
    sides[place].upper = min(sides[place].upper, piece.1)
    sides[place].acceptsMissing = sides[place].acceptsMissing && acceptsMissing
    // A way that only a missing value can take keeps its empty range.
    return sides[place].lower <= sides[place].upper || sides[place].acceptsMissing ? sides : nil
  }
}
