// The reference's server: express-pouchdb on loopback, its databases in the folder given. Prints its port.
'use strict'

const PouchDB = require('pouchdb')
const app = require('express')()

const Kept = PouchDB.defaults({ prefix: process.argv[2] + '/' })
app.use('/', require('express-pouchdb')(Kept, { mode: 'minimumForPouchDB', inMemoryConfig: true }))
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
