/// The frame of a flame graph's page, in Mustache (mustache.github.io). Two braces escape, three do not: those hold
/// only what is drawn or constant here.
enum FlameTemplate {
  /// The template.
  static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{{styleDigest}}}'; \
    script-src 'sha256-{{{scriptDigest}}}'; base-uri 'none'; form-action 'none'">
    <meta name="referrer" content="no-referrer">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <main>
    <h1>{{title}}</h1>
    <p class="faint">{{facts}}</p>
    {{#hasColumns}}
    <fieldset class="needs" hidden><legend>Column</legend>
    {{#charts}}
    <label><input type="radio" name="column" value="{{index}}"{{#isFirst}} checked{{/isFirst}}> {{name}}</label>
    {{/charts}}
    </fieldset>
    {{/hasColumns}}
    {{#hasCharts}}
    <div class="bar needs" hidden>
    <input type="search" id="find" placeholder="Search functions ( / )" aria-label="Search functions" \
    autocomplete="off" spellcheck="false">
    <button type="button" id="reset" disabled>Reset zoom</button>
    <span id="hits" class="faint" role="status"></span>
    </div>
    <p class="key" aria-hidden="true">
    <span><svg class="p0" width="12" height="12"><rect width="12" height="12"/></svg>program</span>
    <span><svg class="a" width="12" height="12"><rect width="12" height="12"/></svg>allocator</span>
    <span><svg class="k" width="12" height="12"><rect width="12" height="12"/></svg>kernel</span>
    <span><svg class="u" width="12" height="12"><rect width="12" height="12"/></svg>unknown</span>
    </p>
    <output id="says" class="needs" hidden>A click or Enter widens a box; arrows walk, Escape goes back.</output>
    {{/hasCharts}}
    {{#charts}}
    <section class="chart" aria-label="{{name}}">
    <h2>{{heading}}</h2>
    {{{svg}}}
    {{#hidden}}<p class="faint">{{hidden}}</p>{{/hidden}}
    </section>
    {{/charts}}
    {{^hasCharts}}<p>No stack with a value was recorded.</p>{{/hasCharts}}
    {{#tables}}
    <section>
    <h2>{{title}}</h2>
    <div class="wide" tabindex="0" role="region" aria-label="{{title}}"><table>
    <thead><tr>{{#titles}}<th scope="col">{{.}}</th>{{/titles}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr>{{#cells}}<td>{{.}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody></table></div>
    </section>
    {{/tables}}
    {{#hasNotes}}
    <section><h2>Notes</h2><ul>
    {{#notes}}
    <li>{{.}}</li>
    {{/notes}}
    </ul></section>
    {{/hasNotes}}
    </main>
    {{#hasCharts}}<script>{{{script}}}</script>{{/hasCharts}}
    </body>
    </html>

    """
}
