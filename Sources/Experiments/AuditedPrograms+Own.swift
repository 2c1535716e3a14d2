import Model
import Probes
import Targets

/// The user's own program, asked in itself.
extension AuditedPrograms {
  /// A user's command that a preloaded library can ask, with who serves malloc in it; nil where that is not possible:
  /// static programs, those of another C library or machine, those that change their user, and without a compiler.
  ///
  /// A command that only starts others (a shell, env, nice) is followed: it runs once, and the program in it that
  /// does the work is asked.
  func own(_ arguments: [String], variant: Variant, plan: Plan, preload: String? = nil) async throws
    -> AuditedProgram?
  {
    let program = try CommandProgram.inspect(command: arguments.first ?? "", searchPath: environment["PATH"])
    guard program.takesPreloads, let library = try? await builder.askLibrary(),
      !library.contains(where: { $0 == " " || $0 == ":" })
    else { return nil }
    var asked = try await command(arguments, variant: variant, plan: plan, preload: preload)
    asked.way = .library(path: library, image: nil)
    var name = "the command itself"
    if CommandProgram.startsOthers(program.program), let image = try await image(of: asked) {
      asked.way = .library(path: library, image: image)
      name = "\(image), which the command runs,"
    }
    guard let file = try await server(of: asked) else { return nil }
    setServer(file, of: &asked)
    asked.name = "\(name) at its start; malloc is served by \(file)"
    // Its runtime has not begun when it is asked: what that says is asked for in a run of its own.
    asked.runtime = nil
    return asked
  }

  private func image(of program: AuditedProgram) async throws -> String? {
    let (helperPath, interrupt) = (helperPath, interrupt)
    let images = try await MeasuringThread.run {
      try program.images(helperPath: helperPath, interrupt: interrupt)
    }
    return images.main(isLauncher: CommandProgram.startsOthers)
  }
}
