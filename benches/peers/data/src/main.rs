//! Writes an estate: `peer-data SIZE LINES TEMPLATE`. The same resources, in the same order, as an inventory of a
//! resource a line and as one CloudFormation template; what is there already stays.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

#[path = "../../../common/estate/mod.rs"]
#[allow(dead_code, reason = "the benches ask for more of it")]
mod estate;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let size = arguments.next().and_then(|size| size.parse().ok());
    let (Some(size), Some(lines), Some(template)) = (size, arguments.next(), arguments.next())
    else {
        return Err(std::io::Error::other("usage: peer-data SIZE LINES TEMPLATE"));
    };
    unless_there(&lines, |out| {
        let mut line = String::new();
        estate::resources(size).try_for_each(|resource| {
            line.clear();
            resource.line(&mut line);
            out.write_all(line.as_bytes())
        })
    })?;
    unless_there(&template, |out| {
        out.write_all(br#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"#)?;
        let mut member = String::new();
        for (at, resource) in estate::resources(size).enumerate() {
            member.clear();
            if at > 0 {
                member.push(',');
            }
            resource.member(&mut member);
            out.write_all(member.as_bytes())?;
        }
        out.write_all(b"}}\n")
    })
}

/// Writes a file under another name first: one that was cut off would be taken for whole.
fn unless_there(
    path: &str,
    write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let path = Path::new(path);
    if path.exists() {
        return Ok(());
    }
    let part = path.with_extension("part");
    let mut out = BufWriter::new(File::create(&part)?);
    write(&mut out)?;
    out.into_inner()?.sync_all()?;
    std::fs::rename(part, path)
}
