import ArchitectureModel
import EngineSupport
import XMLDocuments

/// Turns raw labels into plain text and fills in `%name%` placeholders.
struct DrawIOLabels {
  let page: DrawIOPage
  let cells: [DrawIOCell]

  /// Sets the plain label of every cell. Errors: `import.drawio.label-too-large`.
  static func resolve(
    _ cells: inout [DrawIOCell], on page: DrawIOPage, budget: inout ImportBudget
  ) throws(Diagnostic) {
    let labels = DrawIOLabels(page: page, cells: cells)
    for position in cells.indices {
      let cell = cells[position]
      let plain = HTMLText.plain(cell.rawLabel, isHTML: cell.style.isHTML)
      cells[position].label =
        cell.hasPlaceholders && plain.contains("%")
        ? try labels.substituted(plain, at: position, budget: &budget) : plain
    }
  }

  /// Substituted text counts against the unfolding limit: one long attribute may be named many times.
  private func substituted(
    _ text: String, at position: Int, budget: inout ImportBudget
  ) throws(Diagnostic) -> String {
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "%"),
        let end = bytes[(index + 1)...].prefix(256).firstIndex(of: UInt8(ascii: "%")),
        end > index + 1,
        let value = try value(
          of: String(decoding: bytes[(index + 1)..<end], as: UTF8.self), at: position,
          budget: &budget)
      else {
        output.append(bytes[index])
        index += 1
        continue
      }
      let plain = HTMLText.plain(value, isHTML: false)
      budget.inflated -= max(plain.utf8.count, value.utf8.count)
      guard budget.inflated >= 0 else { throw tooLarge(at: position) }
      output.append(contentsOf: plain.utf8)
      index = end + 1
    }
    return HTMLText.collapsed(String(decoding: output, as: UTF8.self))
  }

  /// The cell's attribute of that name, else the nearest ancestor's, else what the page knows.
  private func value(
    of name: String, at position: Int, budget: inout ImportBudget
  ) throws(Diagnostic) -> String? {
    var current: Int? = position
    while let index = current {
      let cell = cells[index]
      let outer = page.tree[cell.outerElement]
      budget.comparisons -= 1 + outer.attributes.count
      guard budget.comparisons > 0 else { throw tooLarge(at: position) }
      if cell.wrapper != nil, name != "label", let value = outer[name] { return value }
      current = cell.parent
    }
    return name == "page" ? page.name : nil
  }

  private func tooLarge(at position: Int) -> Diagnostic {
    Diagnostic(
      "import.drawio.label-too-large", "the placeholders of the labels unfold to too much text",
      at: cells[position].location)
  }
}
