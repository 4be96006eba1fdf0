// The reference's desk: a local PouchDB, replicated to the server once. Prints the seconds.
//   node replicate.js FOLDER URL DOCUMENTS PAGES
// DOCUMENTS is a file with a JSON document a line; each file of the folder PAGES is the attachment of a document.
'use strict'

const crypto = require('crypto')
const fs = require('fs')
const path = require('path')
const PouchDB = require('pouchdb')

async function replicated (name, documents, folder, url) {
  const local = new PouchDB(path.join(folder, name))
  for (let start = 0; start < documents.length; start += 100) {
    const answers = await local.bulkDocs(documents.slice(start, start + 100))
    if (answers.some(answer => answer.error)) throw new Error('not kept: ' + JSON.stringify(answers))
  }
  const begun = process.hrtime.bigint()
  const done = await local.replicate.to(new PouchDB(url + '/' + name))
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9
  if (!done.ok || done.docs_written !== documents.length) throw new Error('not replicated: ' + JSON.stringify(done))
  await local.close()
  return seconds
}

async function main (folder, url, file, pages) {
  const texts = fs.readFileSync(file, 'utf8').split('\n')
  const deeds = texts.map(text => ({ _id: crypto.randomUUID(), ...JSON.parse(text) }))
  const attached = fs.readdirSync(pages).map(name => ({
    _id: crypto.randomUUID(),
    _attachments: { page: { content_type: 'image/jpeg', data: fs.readFileSync(path.join(pages, name)) } }
  }))
  const seconds = { documents: await replicated('deeds', deeds, folder, url) }
  seconds.pages = await replicated('pages', attached, folder, url)
  console.log(JSON.stringify(seconds))
}

main(...process.argv.slice(2)).catch(error => { console.error(error); process.exit(1) })
