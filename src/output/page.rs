//! Pages of HTML in one file, with everything in them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// A page, built from the top to the bottom. It needs no network and no other file, and fits narrow screens: tables scroll,
/// pictures shrink.
///
/// ```
/// use hodge::output::page::Page;
/// let mut page = Page::new("Winds & waves");
/// page.paragraph("Two methods were compared.");
/// page.table(&["method", "share"], &[vec!["staggered".into(), "47 %".into()]]);
/// let text = page.into_html();
/// assert!(text.contains("<h1>Winds &amp; waves</h1>") && text.contains("<td>47 %</td>"));
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    body: String,
}

impl Page {
    /// An empty page.
    pub fn new(title: &str) -> Page {
        Page { title: title.into(), body: String::new() }
    }

    /// A heading.
    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h2>{}</h2>", escaped(text));
    }

    /// A heading below one.
    pub fn subheading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h3>{}</h3>", escaped(text));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escaped(text));
    }

    /// A list of lines.
    pub fn list(&mut self, lines: &[String]) {
        let items: String = lines.iter().map(|l| format!("<li>{}</li>\n", escaped(l))).collect();
        let _ = writeln!(self.body, "<ul>\n{items}</ul>");
    }

    /// A table whose first column names its rows.
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let _ = write!(self.body, "<div class=\"wide\"><table>\n<thead><tr>");
        for name in head {
            let _ = write!(self.body, "<th scope=\"col\">{}</th>", escaped(name));
        }
        self.body += "</tr></thead>\n<tbody>\n";
        for row in rows {
            self.body += "<tr>";
            for (k, cell) in row.iter().enumerate() {
                let (open, close) = if k == 0 { ("th scope=\"row\"", "th") } else { ("td", "td") };
                let _ = write!(self.body, "<{open}>{}</{close}>", escaped(cell));
            }
            self.body += "</tr>\n";
        }
        self.body += "</tbody></table></div>\n";
    }

    /// A picture, with what it shows in words.
    pub fn picture(&mut self, png: &[u8], words: &str) {
        let (words, data) = (escaped(words), STANDARD.encode(png));
        let _ = writeln!(
            self.body,
            "<figure><img alt=\"{words}\" src=\"data:image/png;base64,{data}\"><figcaption>{words}</figcaption></figure>"
        );
    }

    /// The whole page.
    pub fn into_html(self) -> String {
        let (title, body) = (escaped(&self.title), self.body);
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
        )
    }
}

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin-bottom: .25rem; }
p, li { max-width: 46rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .25rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #ccc; }
th:first-child { text-align: left; }
thead th { border-bottom: 2px solid #888; }
figure { margin: 1rem 0; }
img { max-width: 100%; height: auto; background: #fff; }
figcaption { font-size: .85rem; color: #555; }
@media (prefers-color-scheme: dark) {
body { color: #e6e6e6; background: #161616; }
th, td { border-color: #444; }
figcaption { color: #aaa; }
}
";

/// Text as it stands in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
