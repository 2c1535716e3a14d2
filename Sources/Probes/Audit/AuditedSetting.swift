import Model

/// One setting as a user wrote it, with what the catalogue knows about it in the audited process.
struct AuditedSetting: Sendable {
  /// Whose setting it is, seen from the process.
  enum Owner: Sendable {
    /// What serves malloc, or the runtime, has this setting.
    case known(SettingSpec, SettingTable)
    /// It reads the variable, but does not know the key.
    case unknownKey(AllocatorSpec, SettingForm)
    /// It reads variables of such names, but does not know this one; perhaps a relative of it does.
    case unknownVariable(AllocatorSpec, SettingSpec?)
    /// Other allocators read it, none that is in the process.
    case foreign([AllocatorSpec], SettingSpec?)
    /// Nobody in the catalogue reads it.
    case unheardOf
  }

  let variable: String
  let key: String?
  let value: String
  let owner: Owner

  /// What sets just this one.
  var assignment: EnvironmentAssignment {
    switch owner {
    case .known(let spec, _) where spec.variable == variable: spec.assignment(value)
    case .unknownKey(_, let form):
      EnvironmentAssignment(variable: variable, value: form.text(key: key, value: value))
    case .foreign(_, let spec?) where spec.variable == variable: spec.assignment(value)
    default: EnvironmentAssignment(variable: variable, value: value)
    }
  }

  /// Finds the settings in an environment, in its order. `present` are in the process, the one that serves malloc
  /// first; `others` are the rest of the catalogue.
  static func all(
    in environment: [EnvironmentAssignment], present: [AllocatorSpec], others: [AllocatorSpec]
  ) -> [AuditedSetting] {
    environment.flatMap { assignment -> [AuditedSetting] in
      let finder = Finder(variable: assignment.variable, present: present, others: others)
      guard case .list(let separator, let sign)? = finder.form else {
        return [finder.setting(key: nil, value: assignment.value)]
      }
      // An empty value sets nothing, but it is a value: it stays visible.
      let pieces = assignment.value.split(separator: separator, omittingEmptySubsequences: true)
      guard !pieces.isEmpty else { return [finder.setting(key: nil, value: assignment.value)] }
      return pieces.map { piece in
        let sides = piece.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
        return finder.setting(key: String(sides[0]), value: sides.count == 2 ? String(sides[1]) : "")
      }
    }
  }

  /// Finds whose setting a variable is.
  private struct Finder {
    let variable: String
    let present: [AllocatorSpec]
    let others: [AllocatorSpec]

    var form: SettingForm? {
      (present + others).lazy.compactMap { $0.settings.form(of: variable) }.first
    }

    func setting(key: String?, value: String) -> AuditedSetting {
      AuditedSetting(variable: variable, key: key, value: value, owner: owner(key))
    }

    private func owner(_ key: String?) -> Owner {
      for allocator in present {
        if let spec = allocator.settings.setting(variable: variable, key: key)
          ?? caseless(key, allocator)
        {
          return .known(spec, allocator.settings)
        }
      }
      for allocator in present {
        if case .list? = allocator.settings.form(of: variable),
          let form = allocator.settings.form(of: variable)
        {
          return .unknownKey(allocator, form)
        }
      }
      let spec = others.lazy.compactMap { $0.settings.setting(variable: variable, key: key) }.first
      for allocator in present where allocator.environment.contains(where: { matches($0) }) {
        return .unknownVariable(allocator, spec)
      }
      let readers = others.filter { other in
        other.settings.form(of: variable) != nil || other.environment.contains(where: { matches($0) })
      }
      guard !readers.isEmpty else { return .unheardOf }
      return .foreign(readers, spec)
    }

    /// mimalloc takes its names in any case, which its file says by a pattern in small letters.
    private func caseless(_ key: String?, _ allocator: AllocatorSpec) -> SettingSpec? {
      guard allocator.environment.contains(where: { $0 != $0.uppercased() && matches($0) }) else {
        return nil
      }
      return allocator.settings.setting(variable: variable.uppercased(), key: key)
    }

    private func matches(_ pattern: String) -> Bool {
      pattern.hasSuffix("*") ? variable.hasPrefix(pattern.dropLast()) : variable == pattern
    }
  }
}
