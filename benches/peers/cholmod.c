/* CHOLMOD on the pinned Neumann Laplacian of a box, as hodge's Cholesky back end factors it, or on the matrix of a file.
   cholmod NX NY NZ ORDERING   with ORDERING amd, metis or nesdis
   cholmod MATRIX.mtx ORDERING
   Prints one JSON object: analyse, factor, solve one, solve each of 16 (seconds), nonzeros of L. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <suitesparse/cholmod.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static cholmod_sparse *laplacian(const int n[3], cholmod_common *c) {
    size_t cells = (size_t)n[0] * n[1] * n[2];
    cholmod_triplet *t = cholmod_allocate_triplet(cells, cells, 4 * cells, -1, CHOLMOD_REAL, c);
    int *row = t->i, *column = t->j;
    double *value = t->x, *diagonal = calloc(cells, sizeof(double));
    size_t stride[3] = {1, n[0], (size_t)n[0] * n[1]}, entries = 0;
    diagonal[0] = 1;
    for (size_t cell = 0; cell < cells; cell++)
        for (int k = 0; k < 3; k++)
            if (cell / stride[k] % n[k] > 0) {
                row[entries] = cell, column[entries] = cell - stride[k], value[entries++] = -1;
                diagonal[cell]++, diagonal[cell - stride[k]]++;
            }
    for (size_t cell = 0; cell < cells; cell++)
        row[entries] = column[entries] = cell, value[entries++] = diagonal[cell];
    t->nnz = entries;
    cholmod_sparse *a = cholmod_triplet_to_sparse(t, entries, c);
    cholmod_free_triplet(&t, c);
    free(diagonal);
    return a;
}

static double solve(cholmod_factor *l, int columns, cholmod_common *c) {
    cholmod_dense *b = cholmod_zeros(l->n, columns, CHOLMOD_REAL, c);
    for (size_t i = 0; i < l->n * columns; i++) ((double *)b->x)[i] = (double)rand() / RAND_MAX;
    double best = 1e9;
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = now();
        cholmod_dense *x = cholmod_solve(CHOLMOD_A, l, b, c);
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
        cholmod_free_dense(&x, c);
    }
    cholmod_free_dense(&b, c);
    return best;
}

static cholmod_sparse *stored(const char *path, cholmod_common *c) {
    FILE *file = fopen(path, "r");
    if (!file) exit(2);
    cholmod_sparse *a = cholmod_read_sparse(file, c);
    fclose(file);
    return a;
}

int main(int count, char **argument) {
    if (count != 3 && count != 5) return 2;
    const char *ordering = argument[count - 1];
    int n[3] = {0, 1, 1};
    for (int k = 0; count == 5 && k < 3; k++) n[k] = atoi(argument[1 + k]);
    cholmod_common c;
    cholmod_start(&c);
    c.nmethods = 1;
    c.supernodal = CHOLMOD_SUPERNODAL;
    c.method[0].ordering = !strcmp(ordering, "amd")     ? CHOLMOD_AMD
                           : !strcmp(ordering, "metis") ? CHOLMOD_METIS
                                                           : CHOLMOD_NESDIS;
    c.postorder = 1;
    cholmod_sparse *a = count == 5 ? laplacian(n, &c) : stored(argument[1], &c);
    if (!a) return 2;
    if (count == 3) n[0] = a->nrow;
    double start = now();
    cholmod_factor *l = cholmod_analyze(a, &c);
    double analysed = now();
    cholmod_factorize(a, l, &c);
    double factored = now();
    printf("{\"peer\": \"cholmod %s\", \"n\": [%d, %d, %d], \"analyse\": %.4f, \"factor\": %.4f, ",
           ordering, n[0], n[1], n[2], analysed - start, factored - analysed);
    printf("\"solve\": %.4f, \"solve_each_of_16\": %.4f, \"nonzeros\": %.0f}\n", solve(l, 1, &c),
           solve(l, 16, &c) / 16, c.lnz);
    return 0;
}
