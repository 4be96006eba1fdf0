// Checks signed heads of a log and proofs over them with golang.org/x/mod/sumdb; reads one JSON value.
package main

import (
	"encoding/json"
	"log"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	Key, Seen, Told        string
	Consistency, Inclusion [][]byte
	Index                  int64
	Leaf                   []byte
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func hashes(raw [][]byte) (found []tlog.Hash) {
	for _, one := range raw {
		var hash tlog.Hash
		copy(hash[:], one)
		found = append(found, hash)
	}
	return found
}

// head opens a note; the tree's text is that of sumdb but for its first line, the origin.
func head(text string, known note.Verifiers) (tree tlog.Tree) {
	opened, err := note.Open([]byte(text), known)
	must(err)
	lines := 0
	for lines < len(opened.Text) && opened.Text[lines] != '\n' {
		lines++
	}
	tree, err = tlog.ParseTree([]byte("go.sum database tree" + opened.Text[lines:]))
	must(err)
	return tree
}

func main() {
	var in input
	must(json.NewDecoder(os.Stdin).Decode(&in))
	verifier, err := note.NewVerifier(in.Key)
	must(err)
	known := note.VerifierList(verifier)
	seen, told := head(in.Seen, known), head(in.Told, known)
	must(tlog.CheckTree(hashes(in.Consistency), told.N, told.Hash, seen.N, seen.Hash))
	must(tlog.CheckRecord(hashes(in.Inclusion), told.N, told.Hash, in.Index, tlog.RecordHash(in.Leaf)))
}
